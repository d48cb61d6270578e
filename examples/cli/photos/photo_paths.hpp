// SPDX-License-Identifier: Apache-2.0
// Splits paths of photos, of this system or of Windows.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Returns a Windows path with slashes as separators.
std::string with_slashes(std::string_view path);

/// Determines from all paths in results whether they are Windows paths: "C:\\Project\\a.jpg",
/// "\\\\server\\share\\a.jpg", or relative ones with backslashes only. If any path is different, a
/// backslash is part of a name.
class PathStyle {
public:
    void add(std::string_view path);

    bool is_windows() const noexcept { return any_windows_ && !any_other_; }

    /// Returns the path with slashes as separators, if the paths are Windows paths.
    std::string with_slashes(std::string_view path) const;

private:
    bool any_windows_ = false;
    bool any_other_ = false;
};

/// Returns the folder in a path, with its slash; empty if there is none.
/// @param path with slashes
std::string_view folder_part(std::string_view path);

/// Returns the folder of a camera: without the folders that cameras create themselves, DCIM and
/// those for ten thousand photos each, "100RECNX", "101RECNX".
/// Source: DCF 2.0 (CIPA DC-009), 3.2.1: three digits from 100, and five letters, digits or "_".
/// @param folder with a trailing slash, or empty, as the result
std::string_view camera_folder(std::string_view folder);

/// Returns the deepest common folder, with a trailing slash. @param folder the same, or empty
std::string_view shared_folder(std::string_view folder, std::string_view other);

}  // namespace speciesnet::cli
