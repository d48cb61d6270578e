// SPDX-License-Identifier: Apache-2.0
// `speciesnet convert`: converts predictions documents to other formats.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_convert_command(CLI::App& program);

}  // namespace speciesnet::cli
