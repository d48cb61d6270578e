// SPDX-License-Identifier: Apache-2.0
// `speciesnet run`: from a folder of photos to everything that is made of them, in one command.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_run_command(CLI::App& program);

}  // namespace speciesnet::cli
