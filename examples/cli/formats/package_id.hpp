// SPDX-License-Identifier: Apache-2.0
// The unique id of a package of observations.
#pragma once

#include "photo_records.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// The identity of a package and its contents: two projects may both have a station "A" and a first
/// photo.
class PackageId {
public:
    /// Derives an id from the photos: their paths, times and cameras.
    static PackageId of(const PhotoRecords& records);
    /// Returns the id of the Camtrap DP in the folder, so that a package keeps its id when it is
    /// written again; otherwise derives it from the photos.
    static PackageId of(const PhotoRecords& records, const std::filesystem::path& folder);

    /// Returns a UUID.
    const std::string& uuid() const noexcept { return uuid_; }

    /// Returns a name in lower case, from the folder of the photos and the first part of the UUID.
    std::string name(const std::string& photos_folder) const;

    /// Returns an id that is unique among all packages. @param id within this package
    std::string unique(std::string_view id) const;

private:
    explicit PackageId(std::string uuid) : uuid_(std::move(uuid)) {}

    std::string_view short_form() const;

    std::string uuid_;
};

}  // namespace speciesnet::cli
