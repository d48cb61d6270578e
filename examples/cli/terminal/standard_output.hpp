// SPDX-License-Identifier: Apache-2.0
// Prints output of commands; a full disk or a closed pipe is an error.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace speciesnet::cli {

/// Writes to standard output, at once. @throws IoError
void print(std::string_view text);

/// Columns of the terminal that standard output is; nothing if it is none.
std::optional<std::size_t> terminal_columns();

}  // namespace speciesnet::cli
