// SPDX-License-Identifier: Apache-2.0
// Prints output of commands. A full disk or a closed pipe is an error.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace speciesnet::cli {

/// Writes to standard output without buffering. @throws IoError
void print(std::string_view text);

/// Returns the number of columns of the terminal on standard output; nothing if it is not a
/// terminal.
std::optional<std::size_t> terminal_columns();

}  // namespace speciesnet::cli
