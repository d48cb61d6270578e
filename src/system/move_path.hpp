// SPDX-License-Identifier: Apache-2.0
// Renames a file or folder.
#pragma once

#include <filesystem>

namespace speciesnet {

/// Within one file system, in one step. @throws IoError
void move_path(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace speciesnet
