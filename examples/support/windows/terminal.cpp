// SPDX-License-Identifier: Apache-2.0
// Converts from UTF-16, the encoding of Windows.
#include "terminal.hpp"

#include "speciesnet/utf8_path.hpp"

#include <array>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <io.h>
// clang-format off
#include <windows.h>
#include <shellapi.h>
// clang-format on

namespace speciesnet {

Utf8Terminal::Utf8Terminal() {
    // Restored at exit, because the console outlives the program.
    if (const UINT encoding = GetConsoleOutputCP(); encoding != 0) {
        changes_ =
            std::shared_ptr<void>(nullptr, [encoding](void*) { SetConsoleOutputCP(encoding); });
    }
    SetConsoleOutputCP(CP_UTF8);
    for (std::FILE* const stream : {stdout, stderr}) {
        _setmode(_fileno(stream), _O_BINARY);
        // Enables the escape sequences of progress bars.
        HANDLE const handle = reinterpret_cast<HANDLE>(_get_osfhandle(_fileno(stream)));
        if (DWORD mode = 0; GetConsoleMode(handle, &mode) != 0) {
            SetConsoleMode(handle, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
        }
    }
}

// The arguments of main() lack characters that the system's code page does not contain.
std::vector<std::string> program_arguments(int /*argc*/, char** /*argv*/) {
    int count = 0;
    const std::unique_ptr<LPWSTR, decltype(&LocalFree)> texts(
        CommandLineToArgvW(GetCommandLineW(), &count), LocalFree);
    std::vector<std::string> arguments;
    for (int index = 1; index < count; ++index) {
        arguments.push_back(utf8_text(texts.get()[index]));
    }
    return arguments;
}

bool is_error_on_terminal() noexcept {
    DWORD mode = 0;
    return GetConsoleMode(GetStdHandle(STD_ERROR_HANDLE), &mode) != 0;
}

std::optional<std::size_t> terminal_width() noexcept {
    CONSOLE_SCREEN_BUFFER_INFO information{};
    if (GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &information) == 0) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(information.srWindow.Right - information.srWindow.Left + 1);
}

std::string user_name() {
    std::array<wchar_t, 257> name{};  // UNLEN, and the terminating zero.
    auto size = static_cast<DWORD>(name.size());
    return GetUserNameW(name.data(), &size) != 0 ? utf8_text(name.data()) : "";
}

}  // namespace speciesnet
