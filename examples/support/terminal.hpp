// SPDX-License-Identifier: Apache-2.0
// The terminal in which a program was started, and the program's arguments.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace speciesnet {

/// During its lifetime, the program's output is UTF-8 and is printed byte for byte.
class Utf8Terminal {
public:
    Utf8Terminal();
    Utf8Terminal(const Utf8Terminal&) = delete;
    Utf8Terminal& operator=(const Utf8Terminal&) = delete;

private:
    std::shared_ptr<void> changes_;  ///< Reverts the changes.
};

/// Returns the program's arguments without its own name, in UTF-8.
std::vector<std::string> program_arguments(int argc, char** argv);

/// Returns whether standard error is a terminal.
bool is_error_on_terminal() noexcept;

/// Returns the number of columns of the terminal on standard output; nothing if it is not a
/// terminal.
std::optional<std::size_t> terminal_width() noexcept;

/// Returns the name of the user who runs the program; empty if unknown.
std::string user_name();

}  // namespace speciesnet
