// SPDX-License-Identifier: Apache-2.0
// Finds the photos in folders, in the reference's order, and counts the other files.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Counts things that were found but are not photos to process.
class NotTaken {
public:
    /// @param kind  singular: "video"
    /// @param kinds plural: "videos"
    void add(const char* kind, const char* kinds);

    bool empty() const noexcept { return counts_.empty(); }

    /// Returns "2 videos, 1 HEIC, 1 linked folder".
    std::string text() const;

private:
    struct Count {
        std::size_t number = 0;
        const char* plural = nullptr;
    };
    std::map<std::string_view, Count> counts_;
};

/// The result of a scan.
struct FolderScan {
    /// Unique, in the order in which Python sorts paths: by components. Spelled as in Python:
    /// without "." components and doubled slashes.
    std::vector<std::string> files;
    /// The given folders, spelled as in the files' paths.
    std::vector<std::string> folders;
    /// Folders below the given ones that could not be read, with the reasons.
    std::vector<std::string> unreadable;
    NotTaken not_taken;
};

/// Returns whether a file or folder is excluded.
/// @param patterns shell patterns; one with a slash applies to the whole relative path, where "*"
/// also matches any number of folders; one without applies to the name
bool is_excluded(std::string_view relative_path, const std::vector<std::string>& patterns);

/// Whether videos are included like photos.
enum class Videos { taken, left };

/// Finds `**/*.{jpg,jpeg,png,tif,tiff,webp}`, `*.{heic,heif,hif,avif}` if this build reads them,
/// and videos if requested. Extensions may have any case; hidden names are included. Files that
/// systems and cameras put beside photos are excluded: AppleDouble files, folders of thumbnails and
/// deleted files; also this program's own annotated copies. Links to folders below the given
/// folders are not followed, so circular links are harmless. Source: utils.py,
/// prepare_instances_dict and IMG_EXTENSIONS, which supports no mixed case and includes every file
/// with the name of a photo.
/// @param excluded patterns for is_excluded(), for paths below the given folders
/// @throws IoError (not_found) if a given folder is not a folder
FolderScan scan_folders(const std::vector<std::string>& folders,
                        const std::vector<std::string>& excluded, Videos videos = Videos::left);

}  // namespace speciesnet::cli
