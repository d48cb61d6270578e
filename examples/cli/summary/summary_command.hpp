// `speciesnet summary`: species and how often, in the terminal.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_summary_command(CLI::App& program);

}  // namespace speciesnet::cli
