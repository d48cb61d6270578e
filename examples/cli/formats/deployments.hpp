// SPDX-License-Identifier: Apache-2.0
// Writes deployments of Camtrap DP, and the description of the package.
#pragma once

#include "formats.hpp"
#include "package_id.hpp"
#include "photo_record.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// Collects when and where the photos of each station were taken.
class Deployments {
public:
    /// @param stations must outlive this object
    /// @param package  must outlive this object
    Deployments(const std::vector<Station>& stations, const PackageId& package)
        : stations_(stations), package_(package) {}

    void add(const PhotoRecord& record);

    /// Writes the table. @throws IoError
    void write(const std::filesystem::path& file, const std::optional<TimeZone>& zone) const;

    /// Writes datapackage.json: the tables, and their coverage.
    /// @param taxa scientific names in the observations
    /// @throws IoError
    void write_description(const std::filesystem::path& file, const std::set<std::string>& taxa,
                           const PhotoRecords& records, const FormatOptions& options) const;

private:
    struct Coverage {
        std::optional<CaptureTime> start;
        std::optional<CaptureTime> end;
        std::optional<Coordinates> coordinates;  ///< From the first photo that has them.
        bool clock_without_zone = false;         ///< Whether any photo lacks a time zone.
    };

    /// The extent of all photos in space and time.
    struct Extent {
        std::optional<CaptureTime> start;
        std::optional<CaptureTime> end;
        std::optional<Coordinates> south_west;
        std::optional<Coordinates> north_east;
    };
    Extent extent_of_all() const;
    Coverage coverage_of(const Station& station) const;
    void for_each_station(const std::function<void(const Station&)>& visit) const;

    const std::vector<Station>& stations_;
    const PackageId& package_;
    std::map<std::string, Coverage> coverage_;
};

}  // namespace speciesnet::cli
