// SPDX-License-Identifier: Apache-2.0
// Formats the output of `--help`.
#pragma once

#include "outline.hpp"

#include <cstddef>
#include <string>

namespace speciesnet::cli {

/// Purpose, commands, flags by group, examples and exit statuses.
/// @param width columns of the terminal; at least 40
std::string help_text(const CommandOutline& command, std::size_t width);

/// "-h, --help", "--model MODEL", "--names common|scientific", "NAME"
std::string flag_synopsis(const FlagOutline& flag);

/// "speciesnet model info [FLAGS] NAME"
std::string usage_line(const CommandOutline& command);

}  // namespace speciesnet::cli
