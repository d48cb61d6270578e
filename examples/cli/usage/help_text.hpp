// SPDX-License-Identifier: Apache-2.0
// Formats the output of `--help`.
#pragma once

#include "outline.hpp"

#include <cstddef>
#include <string>

namespace speciesnet::cli {

/// Returns purpose, commands, flags by group, examples and exit statuses.
/// @param width columns of the terminal, at least 40
std::string help_text(const CommandOutline& command, std::size_t width);

/// Returns "-h, --help", "--model MODEL", "--names common|scientific", "NAME".
std::string flag_synopsis(const FlagOutline& flag);

/// Returns "speciesnet model info [FLAGS] NAME".
std::string usage_line(const CommandOutline& command);

}  // namespace speciesnet::cli
