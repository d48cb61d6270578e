// SPDX-License-Identifier: Apache-2.0
// Finds the photos in folders, in the reference's order, and counts all other files.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// What was found and is not a photo, or none to take.
class NotTaken {
public:
    /// @param kind  of one such thing: "video"
    /// @param kinds of several: "videos"
    void add(const char* kind, const char* kinds);

    bool empty() const noexcept { return counts_.empty(); }

    /// "2 videos, 1 HEIC, 1 linked folder"
    std::string text() const;

private:
    struct Count {
        std::size_t number = 0;
        const char* plural = nullptr;
    };
    std::map<std::string_view, Count> counts_;
};

/// What a scan found.
struct FolderScan {
    /// Unique, in the order in which Python sorts paths: by their parts. Spelled as Python spells
    /// them: without "." parts and doubled slashes.
    std::vector<std::string> files;
    /// The folders that were given, spelled as the files' paths begin.
    std::vector<std::string> folders;
    /// Folders below the given ones that could not be read, each with the reason.
    std::vector<std::string> unreadable;
    NotTaken not_taken;
};

/// Whether a file or folder is to be left out.
/// @param patterns as shells have them: with a slash, they are of the whole relative path, where
/// "*" is any number of folders, too; without one, of the name
bool is_excluded(std::string_view relative_path, const std::vector<std::string>& patterns);

/// Whether videos are taken as photos are.
enum class Videos { taken, left };

/// Finds `**/*.{jpg,jpeg,png,tif,tiff,webp}`, and `*.{heic,heif,hif,avif}` if this build reads
/// them, and videos if asked for, extensions in any case, hidden names included. What systems and
/// cameras put beside photos is not taken: AppleDouble files, folders of thumbnails and waste; nor
/// are this program's own annotated copies. Links to folders are not followed below the given
/// folders, so a loop of links ends. Source: utils.py, prepare_instances_dict and IMG_EXTENSIONS,
/// which knows no mixed case and takes all that is named like a photo.
/// @param excluded patterns of is_excluded(), for paths below the given folders
/// @throws IoError (not_found) for a given folder that is not a folder
FolderScan scan_folders(const std::vector<std::string>& folders,
                        const std::vector<std::string>& excluded, Videos videos = Videos::left);

}  // namespace speciesnet::cli
