// SPDX-License-Identifier: Apache-2.0
// `speciesnet sort`: sorts photos into folders by species.
#pragma once

#include "command.hpp"

namespace speciesnet::cli {

Command add_sort_command(CLI::App& program);

}  // namespace speciesnet::cli
