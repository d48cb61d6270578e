// SPDX-License-Identifier: Apache-2.0
// `speciesnet compare`: compares two runs, and both with human labels.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_compare_command(CLI::App& program);

}  // namespace speciesnet::cli
