// SPDX-License-Identifier: Apache-2.0
// Queries the terminal's size each time, because windows change their size.
#include "standard_output.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <iostream>

#include <sys/ioctl.h>
#include <unistd.h>

namespace speciesnet::cli {
namespace {

/// Narrower windows get lines that are cut by the terminal.
constexpr std::size_t narrowest = 40;
/// Longer lines are hard to read.
constexpr std::size_t widest = 120;

}  // namespace

void print(std::string_view text) {
    std::cout << text << std::flush;
    if (!std::cout) {
        throw IoError(ErrorCode::io, "cannot write to standard output");
    }
}

std::optional<std::size_t> terminal_columns() {
    winsize window{};
    if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 ||
        window.ws_col == 0) {
        return std::nullopt;
    }
    return std::clamp<std::size_t>(window.ws_col, narrowest, widest);
}

}  // namespace speciesnet::cli
