// SPDX-License-Identifier: Apache-2.0
// Accepts the spellings of flags that the reference's flag library accepts and CLI11 does not.
#pragma once

#include "command_line.hpp"

#include <string>
#include <vector>

namespace speciesnet::cli {

/// Turns `-flag` into `--flag` where a command has such a flag.
/// @param arguments without the program's name
/// @return the arguments in the order in which CLI::App::parse() takes them: last first
std::vector<std::string> normalize_arguments(const CLI::App& program,
                                             std::vector<std::string> arguments);

}  // namespace speciesnet::cli
