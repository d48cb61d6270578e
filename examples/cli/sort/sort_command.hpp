// SPDX-License-Identifier: Apache-2.0
// `speciesnet sort`: photos in folders by what they show.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_sort_command(CLI::App& program);

}  // namespace speciesnet::cli
