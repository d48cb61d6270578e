// SPDX-License-Identifier: Apache-2.0
// Removes a folder atomically: it is renamed before its content is deleted.
#pragma once

#include <filesystem>

namespace speciesnet {

/// Removes a folder so that nobody ever finds half of it, not even after a crash: it gets another
/// name first. What a crash has left under that name is removed, too. Does nothing if there is
/// neither. Nobody else may be removing or making the same folder.
/// @throws IoError
void remove_folder(const std::filesystem::path& folder);

}  // namespace speciesnet
