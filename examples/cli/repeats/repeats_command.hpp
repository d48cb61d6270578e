// SPDX-License-Identifier: Apache-2.0
// `speciesnet repeats`: finds boxes that recur at one place.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_repeats_command(CLI::App& program);

}  // namespace speciesnet::cli
