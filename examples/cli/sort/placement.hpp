// SPDX-License-Identifier: Apache-2.0
// Copies, links or moves photos without replacing files.
#pragma once

#include <filesystem>

namespace speciesnet::cli {

enum class Placing { copy, link, move };

/// Copies, links or moves a photo to a path, and creates its folders. Copies are complete or
/// absent, and keep the time of modification.
/// @return false if it is already there, from an earlier run
/// @throws IoError if another file is there, or if links or moves would cross file systems
bool place(const std::filesystem::path& photo, const std::filesystem::path& target, Placing way);

/// Moves a file back. @return false if `moved` does not exist, or `photo` exists
bool move_back(const std::filesystem::path& moved, const std::filesystem::path& photo);

}  // namespace speciesnet::cli
