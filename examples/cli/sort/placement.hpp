// SPDX-License-Identifier: Apache-2.0
// Copies, links or moves photos without replacing files.
#pragma once

#include <filesystem>

namespace speciesnet::cli {

enum class Placing { copy, link, move };

/// Gives a photo a new place, making the folders above it. Copies are complete or absent, and keep
/// the time of change.
/// @return false if it is there already, from an earlier run
/// @throws IoError if another file is there, or links and moves would leave the file system
bool place(const std::filesystem::path& photo, const std::filesystem::path& target, Placing way);

/// Moves a file back. @return false if it is not at `moved`, or something is at `photo`
bool move_back(const std::filesystem::path& moved, const std::filesystem::path& photo);

}  // namespace speciesnet::cli
