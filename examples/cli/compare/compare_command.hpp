// SPDX-License-Identifier: Apache-2.0
// `speciesnet compare`: what two runs say differently, and which of them is right.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_compare_command(CLI::App& program);

}  // namespace speciesnet::cli
