// SPDX-License-Identifier: Apache-2.0
// `speciesnet repeats`: finds what a detector reports at one place again and again.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_repeats_command(CLI::App& program);

}  // namespace speciesnet::cli
