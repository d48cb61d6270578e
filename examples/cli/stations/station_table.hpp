// SPDX-License-Identifier: Apache-2.0
// A table of stations: cameras with places, periods and clocks.
#pragma once

#include "speciesnet/location.hpp"
#include "speciesnet/metadata.hpp"

#include "formats/time_zone.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// A row: a camera at a station, for a period or always.
struct StationRow {
    std::string folder = {};   ///< With slashes, but no leading or trailing one; empty for any.
    std::string camera = {};   ///< As photos state it, or its serial number; empty for any.
    std::string station = {};  ///< Not empty.
    std::optional<Coordinates> coordinates = std::nullopt;
    std::optional<std::chrono::local_seconds> start = std::nullopt;  ///< By the right clock.
    std::optional<std::chrono::local_seconds> end =
        std::nullopt;                             ///< By the right clock; inclusive.
    std::optional<TimeZone> zone = std::nullopt;  ///< Of the right clock.
    std::optional<std::chrono::seconds> clock_offset = std::nullopt;
    std::optional<std::string> country = std::nullopt;
    std::optional<std::string> admin1_region = std::nullopt;
    /// A file that lists all species of the station; empty for none.
    std::filesystem::path species_list = {};
    std::size_t line = 0;         ///< Line in the file.
    std::string deployment = {};  ///< The station, extended if it has several rows; unique.
};

/// The row of a photo.
struct StationMatch {
    /// Null if there is none; valid as long as the table.
    const StationRow* row = nullptr;
    /// Whether the folder and camera have rows, but none for the photo's time. If there is only one
    /// row, it is used anyway, because a wrong clock is more likely than a wrong folder.
    bool outside_period = false;
};

/// A table of stations; an empty one matches no photo. Not thread-safe.
class StationTable {
public:
    static constexpr std::size_t largest_file = std::size_t{16} * 1024 * 1024;
    static constexpr std::size_t most_rows = 100'000;
    /// Maximum number of rows for one folder and camera.
    static constexpr std::size_t most_moves = 1'000;

    /// Creates an empty table.
    /// @param clock_offset added to the times of all photos
    explicit StationTable(std::chrono::seconds clock_offset = {}) : clock_offset_(clock_offset) {}

    StationTable(StationTable&&) = default;
    StationTable& operator=(StationTable&&) = default;
    StationTable(const StationTable&) = delete;
    StationTable& operator=(const StationTable&) = delete;
    ~StationTable() = default;

    /// @param csv          UTF-8
    /// @param clock_offset for photos whose row has none
    /// @throws InvalidArgument naming the line: an unknown column, a missing or bad value, two rows
    /// of one folder and camera with overlapping periods, two species lists for one station
    static StationTable parse(std::string_view csv, std::chrono::seconds clock_offset = {});

    /// Reads a file. Paths in the table are relative to its folder.
    /// @throws IoError; InvalidArgument as parse(), and if the file is too large
    static StationTable load(const std::filesystem::path& file,
                             std::chrono::seconds clock_offset = {});

    const std::vector<StationRow>& rows() const noexcept { return rows_; }

    /// Returns the lists of stations that have one, by station.
    std::map<std::string, std::filesystem::path> species_lists() const;

    /// Returns whether finding a photo's row requires its camera or time.
    bool needs_facts(std::string_view folder) const;

    /// Returns the row whose folder occurs in the photo's folder: the deepest match, then the
    /// longest; among several rows, by camera and time.
    /// @param folder of the photo, with slashes
    /// @param camera as stated in photos
    /// @param taken  by the camera's clock
    StationMatch find(std::string_view folder, std::string_view camera,
                      const std::optional<CaptureTime>& taken) const;

    /// Returns the right time of a photo, with the zone of its row if the photo states none.
    CaptureTime corrected(CaptureTime taken, const StationRow* row) const;

private:
    /// Rows of a folder by camera, each sorted by start.
    using FolderRows = std::map<std::string, std::vector<std::size_t>, std::less<>>;

    void add(StationRow row);
    void sort_by_start();
    void name_deployments();
    void check_species_lists() const;
    const FolderRows* rows_of(std::string_view folder) const;
    bool holds(const StationRow& row, const std::optional<CaptureTime>& taken) const;

    std::chrono::seconds clock_offset_;
    std::vector<StationRow> rows_;
    std::map<std::string, FolderRows, std::less<>> by_folder_;
    std::size_t most_parts_ = 0;  ///< Maximum of any row's folder.
    /// Cached lookups of folders; null for no rows.
    mutable std::map<std::string, const FolderRows*, std::less<>> found_;
};

}  // namespace speciesnet::cli
