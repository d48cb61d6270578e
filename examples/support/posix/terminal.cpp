// SPDX-License-Identifier: Apache-2.0
// Bytes need no conversion.
#include "terminal.hpp"

#include <pwd.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace speciesnet {

Utf8Terminal::Utf8Terminal() = default;

std::vector<std::string> program_arguments(int argc, char** argv) {
    return {argv + 1, argv + argc};
}

bool is_error_on_terminal() noexcept {
    return ::isatty(STDERR_FILENO) == 1;
}

std::optional<std::size_t> terminal_width() noexcept {
    winsize window{};
    if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 ||
        window.ws_col == 0) {
        return std::nullopt;
    }
    return window.ws_col;
}

std::string user_name() {
    const auto* const user = ::getpwuid(::getuid());
    return user != nullptr ? user->pw_name : "";
}

}  // namespace speciesnet
