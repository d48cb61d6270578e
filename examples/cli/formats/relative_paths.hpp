// SPDX-License-Identifier: Apache-2.0
// Paths of photos relative to their common folder.
#pragma once

#include "photos/photo_paths.hpp"
#include "results/results.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Determines the base folder from results.
class RelativePaths {
public:
    /// Iterates over the results twice.
    /// @param base_folder removed from the front of paths inside it. Nothing selects the folder
    /// that was searched for the photos or, if it is unknown, the deepest one that contains them
    /// all; "" leaves paths unchanged
    RelativePaths(const Results& results, const std::optional<std::string>& base_folder);

    /// Returns a path without the base folder, if it is inside it, as written to documents: in
    /// UTF-8, with slashes instead of Windows' separators.
    std::string relative(std::string_view filepath) const;

    /// Returns the folder of the photo's camera, relative and with a trailing slash, or empty.
    /// Always uses slashes, even if paths stay unchanged.
    std::string camera_folder_of(std::string_view filepath) const;

    /// Returns the path with slashes as separators.
    std::string with_slashes(std::string_view filepath) const {
        return style_.with_slashes(filepath);
    }

    /// Returns the base folder; empty or with a trailing slash.
    const std::string& base_folder() const noexcept { return base_folder_; }

private:
    void find_base_folder(const Results& results);
    bool lies_in_base_folder(std::string_view path) const;

    PathStyle style_;
    std::string base_folder_;
    bool paths_stay_ = false;
};

}  // namespace speciesnet::cli
