// Finds the photos in folders, in the reference's order.
#pragma once

#include <string>
#include <vector>

namespace speciesnet::cli {

/// What a scan found.
struct FolderScan {
    /// Unique, in the order in which Python sorts paths: by their parts. Spelled as Python spells
    /// them: without "." parts and doubled slashes.
    std::vector<std::string> files;
    /// Folders below the given ones that could not be read, each with the reason.
    std::vector<std::string> unreadable;
};

/// Finds `**/*.{jpg,jpeg,png,tif,tiff,webp}`, extensions all lower or all upper case, hidden names
/// included. Links to folders are not followed below the given folders, so a loop of links ends.
/// Source: utils.py, prepare_instances_dict and IMG_EXTENSIONS.
/// @throws IoError (not_found) for a given folder that is no folder
FolderScan scan_folders(const std::vector<std::string>& folders);

}  // namespace speciesnet::cli
