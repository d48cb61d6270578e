// SPDX-License-Identifier: Apache-2.0
// `speciesnet completion` and `speciesnet manual`, and how all commands show their help.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_completion_command(CLI::App& program);
Command add_manual_command(CLI::App& program);

/// Must be called before commands are added, because they inherit it.
void show_help_from_outline(CLI::App& program);

/// Exit statuses, as the last line of a command's help.
inline const std::string exit_statuses_without_photos =
    "Exit status: 0 all fine, 2 wrong usage, 3 could not run.";

}  // namespace speciesnet::cli
