// SPDX-License-Identifier: Apache-2.0
// Paths of photos relative to their common folder.
#pragma once

#include "photos/photo_paths.hpp"
#include "results/results.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Learns from some results where their photos are.
class RelativePaths {
public:
    /// Walks through the results twice.
    /// @param base_folder taken off the front of paths that lie in it; nothing stands for the
    /// folder that was searched for the photos, or, if that is not known, the deepest that holds
    /// all of them; "" leaves paths as they are
    RelativePaths(const Results& results, const std::optional<std::string>& base_folder);

    /// A path without the base folder, as far as it lies in it, as documents have it: in UTF-8, and
    /// with slashes between its parts where it is Windows'.
    std::string relative(std::string_view filepath) const;

    /// The folder of the photo's camera, likewise, with its slash or empty; with slashes also where
    /// paths stay as they are.
    std::string camera_folder_of(std::string_view filepath) const;

    /// The path with slashes between its parts.
    std::string with_slashes(std::string_view filepath) const {
        return style_.with_slashes(filepath);
    }

    /// Empty or with a slash at its end.
    const std::string& base_folder() const noexcept { return base_folder_; }

private:
    void find_base_folder(const Results& results);
    bool lies_in_base_folder(std::string_view path) const;

    PathStyle style_;
    std::string base_folder_;
    bool paths_stay_ = false;
};

}  // namespace speciesnet::cli
