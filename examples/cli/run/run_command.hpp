// SPDX-License-Identifier: Apache-2.0
// `speciesnet run`: processes a folder of photos and writes all outputs.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_run_command(CLI::App& program);

}  // namespace speciesnet::cli
