// SPDX-License-Identifier: Apache-2.0
// Finds a photo of a run by its path in any spelling.
#pragma once

#include "speciesnet/prediction.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Finds photos by the actual folder on disk and their name: "inc/a.jpg", "./inc//a.jpg" and the
/// absolute path are the same photo. Uses a sorted list of indices, which needs less memory than a
/// map of paths. Not thread-safe.
class PhotoIndex {
public:
    /// @param photos must outlive this object
    /// @throws InvalidArgument for more photos than one run can process
    explicit PhotoIndex(std::span<const Instance> photos);

    /// @param occurrence index among photos with this path
    std::optional<std::size_t> find(std::string_view filepath, std::size_t occurrence) const;

    /// Returns how many earlier photos have the same path.
    std::size_t occurrence_of(std::size_t photo) const;

private:
    using Folder = std::uint32_t;
    struct Key {
        Folder folder;
        std::string_view name;

        friend auto operator<=>(const Key&, const Key&) = default;
    };
    using Position = std::vector<std::uint32_t>::const_iterator;

    Folder folder_of(std::string_view spelled) const;
    Key key_of(std::string_view filepath) const;
    Key key_at(std::uint32_t photo) const;
    Position first_of(const Key& key) const;

    std::span<const Instance> photos_;
    mutable std::map<std::string, Folder, std::less<>> spelled_;  ///< Each spelling seen so far.
    mutable std::map<std::string, Folder> places_;
    std::vector<Folder> folders_;         ///< The folder of each photo.
    std::vector<std::uint32_t> by_path_;  ///< Photos sorted by their keys.
};

}  // namespace speciesnet::cli
