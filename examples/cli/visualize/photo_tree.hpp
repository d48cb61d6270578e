// SPDX-License-Identifier: Apache-2.0
// The paths of the photos of a results file, and of their copies.
#pragma once

#include "photos/photo_paths.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace speciesnet::cli {

/// Finds the folder that all photos share, so that copies keep the structure below it.
class PhotoTree {
public:
    /// @param base where relative paths of the results start; empty: the current folder
    explicit PhotoTree(const std::filesystem::path& base);

    /// Learns a photo. All must be added before the other functions are called: they decide whether
    /// backslashes are Windows' separators, see PathStyle.
    void add(const std::string& filepath);

    /// The path as the results have it, with slashes between its parts.
    std::string with_slashes(const std::string& filepath) const;

    /// Absolute, without "." and "..".
    std::filesystem::path photo(const std::string& filepath) const;

    /// Relative to the shared folder, never leaving it.
    std::filesystem::path relative(const std::string& filepath) const;

    /// The same for a copy. Copies are JPEG files: names of other types
    /// get ".jpg" behind them.
    std::filesystem::path copy_name(const std::string& filepath) const;

    /// Whether a photo lies where the copy of a photo goes.
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
