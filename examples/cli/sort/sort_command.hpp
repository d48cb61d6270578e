// SPDX-License-Identifier: Apache-2.0
// `speciesnet sort`: photos in folders by what they show.
#pragma once

#include "command.hpp"

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// A folder's name for a species, on every file system: without the characters that Windows
/// forbids, and without a dot at either end.
std::string folder_name(std::string_view species);

Command add_sort_command(CLI::App& program);

}  // namespace speciesnet::cli
