// SPDX-License-Identifier: Apache-2.0
// A file mapped read-only into memory: weights and photos are read without copying them.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace speciesnet {

/// The content of a file. Unmapped when the last copy of `owner` goes.
struct MappedFile {
    std::string_view content;
    std::shared_ptr<const void> owner;
};

/// Maps a regular file.
/// @throws IoError not_found if it does not exist, io for anything else (no permission, a folder, a
/// device)
MappedFile map_file(const std::filesystem::path& path);

/// Gives back the memory of a part of a mapped file that is not needed for now. Reading it again
/// fetches it again.
void release_pages(std::string_view content) noexcept;

}  // namespace speciesnet
