// SPDX-License-Identifier: Apache-2.0
// The terminal that a program was started in, and its arguments.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace speciesnet {

/// While it lives, what the program prints is UTF-8 and is printed byte for byte.
class Utf8Terminal {
public:
    Utf8Terminal();
    Utf8Terminal(const Utf8Terminal&) = delete;
    Utf8Terminal& operator=(const Utf8Terminal&) = delete;

private:
    std::shared_ptr<void> changes_;  ///< Undone at the end.
};

/// The program's arguments without its own name, in UTF-8.
std::vector<std::string> program_arguments(int argc, char** argv);

/// Whether somebody may be looking at standard error.
bool is_error_on_terminal() noexcept;

/// Columns of the terminal that standard output is; nothing if it is none.
std::optional<std::size_t> terminal_width() noexcept;

/// The name of who runs the program; empty if it is not known.
std::string user_name();

}  // namespace speciesnet
