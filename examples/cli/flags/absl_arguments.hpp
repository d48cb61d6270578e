// SPDX-License-Identifier: Apache-2.0
// Accepts spellings of flags that the reference's flag library accepts, but not CLI11.
#pragma once

#include "command_line.hpp"

#include <string>
#include <vector>

namespace speciesnet::cli {

/// Converts `-flag` to `--flag` if a command has such a flag.
/// @param arguments without the program's name
/// @return the arguments in the order that CLI::App::parse() takes: last first
std::vector<std::string> normalize_arguments(const CLI::App& program,
                                             std::vector<std::string> arguments);

}  // namespace speciesnet::cli
