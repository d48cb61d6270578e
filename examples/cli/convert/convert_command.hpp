// SPDX-License-Identifier: Apache-2.0
// `speciesnet convert`: a predictions document into other formats.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_convert_command(CLI::App& program);

}  // namespace speciesnet::cli
