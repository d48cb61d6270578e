// SPDX-License-Identifier: Apache-2.0
// `speciesnet doctor`: is everything here that good and fast answers need?
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_doctor_command(CLI::App& program);

}  // namespace speciesnet::cli
