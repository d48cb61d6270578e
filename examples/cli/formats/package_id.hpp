// SPDX-License-Identifier: Apache-2.0
// The unique id of a package of observations.
#pragma once

#include "photo_records.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// The identity of a package, and of all that is in it: two projects may both have a station "A"
/// and a first photo.
class PackageId {
public:
    /// One that follows from the photos: their paths, times and cameras.
    static PackageId of(const PhotoRecords& records);
    /// That of the Camtrap DP that is in the folder, so that a package that is written anew stays
    /// the same; else that of its photos.
    static PackageId of(const PhotoRecords& records, const std::filesystem::path& folder);

    /// A UUID.
    const std::string& uuid() const noexcept { return uuid_; }

    /// A name in small letters, of the folder of the photos and the beginning of the UUID.
    std::string name(const std::string& photos_folder) const;

    /// An id that no other package has. @param id within this one
    std::string unique(std::string_view id) const;

private:
    explicit PackageId(std::string uuid) : uuid_(std::move(uuid)) {}

    std::string_view short_form() const;

    std::string uuid_;
};

}  // namespace speciesnet::cli
