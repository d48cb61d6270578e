// SPDX-License-Identifier: Apache-2.0
// The paths of the photos of a results file, and of their copies.
#pragma once

#include "photos/photo_paths.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace speciesnet::cli {

/// Finds the common folder of all photos, so that copies keep the structure below it.
class PhotoTree {
public:
    /// @param base of relative paths in the results; empty for the current folder
    explicit PhotoTree(const std::filesystem::path& base);

    /// Adds a photo. All photos must be added before other functions are called, because they
    /// decide whether backslashes are Windows' separators, see PathStyle.
    void add(const std::string& filepath);

    /// Returns the path in the results, with slashes as separators.
    std::string with_slashes(const std::string& filepath) const;

    /// Returns an absolute path without "." and "..".
    std::filesystem::path photo(const std::string& filepath) const;

    /// Returns a path relative to the common folder, never outside it.
    std::filesystem::path relative(const std::string& filepath) const;

    /// Returns the relative path of a copy. Copies are JPEG files: ".jpg" is appended to names of
    /// other types.
    std::filesystem::path copy_name(const std::string& filepath) const;

    /// Returns whether the copy of another photo has the path of this photo.
    /// @param folder of the copies
    bool is_copy_of_another(const std::filesystem::path& photo,
                            const std::filesystem::path& folder) const;

private:
    const std::filesystem::path& shared_folder() const;

    std::filesystem::path base_;
    PathStyle style_;
    std::optional<std::filesystem::path> shared_as_given_;
    std::optional<std::filesystem::path> shared_with_slashes_;
};

}  // namespace speciesnet::cli
