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

}  // namespace speciesnet
