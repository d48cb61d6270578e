// SPDX-License-Identifier: Apache-2.0
// Splits paths of photos, of this system or of Windows.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// A path of Windows with slashes between its parts.
std::string with_slashes(std::string_view path);

/// Learns from all paths of some results whether they are Windows': "C:\\Project\\a.jpg",
/// "\\\\server\\share\\a.jpg", or relative ones with backslashes alone. A backslash is part of a
/// name where any path looks otherwise.
class PathStyle {
public:
    void add(std::string_view path);

    bool is_windows() const noexcept { return any_windows_ && !any_other_; }

    /// The path with slashes between its parts, if the paths are Windows'.
    std::string with_slashes(std::string_view path) const;

private:
    bool any_windows_ = false;
    bool any_other_ = false;
};

/// The folder a path names, with its slash; empty if there is none.
/// @param path with slashes
std::string_view folder_part(std::string_view path);

/// The folder of a camera: without the folders that cameras make themselves, DCIM and those of ten
/// thousand photos each, "100RECNX", "101RECNX".
/// Source: DCF 2.0 (CIPA DC-009), 3.2.1: three digits from 100, and five letters, digits or "_".
/// @param folder with its slash, or empty; so is the result
std::string_view camera_folder(std::string_view folder);

/// The deepest folder that holds both, with its slash. @param folder likewise, or empty
std::string_view shared_folder(std::string_view folder, std::string_view other);

}  // namespace speciesnet::cli
