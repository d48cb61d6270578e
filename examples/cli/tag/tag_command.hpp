// SPDX-License-Identifier: Apache-2.0
// The command `speciesnet tag`.
#pragma once

#include "command.hpp"
#include "command_line.hpp"

namespace speciesnet::cli {

Command add_tag_command(CLI::App& program);

}  // namespace speciesnet::cli
