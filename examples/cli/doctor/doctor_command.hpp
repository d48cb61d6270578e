// SPDX-License-Identifier: Apache-2.0
// `speciesnet doctor`: checks machine and installation.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_doctor_command(CLI::App& program);

}  // namespace speciesnet::cli
