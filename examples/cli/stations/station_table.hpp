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

/// A row: a camera at a station, always or for a time.
struct StationRow {
    std::string folder = {};  ///< With slashes between its parts and none around it; empty for any.
    std::string camera = {};  ///< As photos say it, or its serial number; empty for any.
    std::string station = {};  ///< Not empty.
    std::optional<Coordinates> coordinates = std::nullopt;
    std::optional<std::chrono::local_seconds> start = std::nullopt;  ///< By the right clock.
    std::optional<std::chrono::local_seconds> end = std::nullopt;    ///< Likewise; within.
    std::optional<TimeZone> zone = std::nullopt;                     ///< Of the right clock.
    std::optional<std::chrono::seconds> clock_offset = std::nullopt;
    std::optional<std::string> country = std::nullopt;
    std::optional<std::string> admin1_region = std::nullopt;
    /// A file that names all species of the station; empty for none.
    std::filesystem::path species_list = {};
    std::size_t line = 0;         ///< In the file.
    std::string deployment = {};  ///< The station, with more where it has several rows; unique.
};

/// The row of a photo.
struct StationMatch {
    /// Null if there is none; lives as long as the table.
    const StationRow* row = nullptr;
    /// Whether the folder and camera have rows, but none for the photo's time. If they have only
    /// one, it is the photo's all the same, since a clock errs more often than a folder.
    bool outside_period = false;
};

/// A table of stations; one without rows knows no photo. For one thread at a time.
class StationTable {
public:
    static constexpr std::size_t largest_file = std::size_t{16} * 1024 * 1024;
    static constexpr std::size_t most_rows = 100'000;
    /// Rows of one folder and camera.
    static constexpr std::size_t most_moves = 1'000;

    /// No rows.
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
    /// of one folder and camera whose times overlap, two species lists of one station
    static StationTable parse(std::string_view csv, std::chrono::seconds clock_offset = {});

    /// Paths in the table start in its folder.
    /// @throws IoError; InvalidArgument as parse(), and for a file that is too large
    static StationTable load(const std::filesystem::path& file,
                             std::chrono::seconds clock_offset = {});

    const std::vector<StationRow>& rows() const noexcept { return rows_; }

    /// Those of the stations that have one, by their names.
    std::map<std::string, std::filesystem::path> species_lists() const;

    /// Whether a photo's camera or time is needed to find its row.
    bool needs_facts(std::string_view folder) const;

    /// The row whose folder is among the parts of the photo's: the one that leads deepest, then the
    /// longest; of several, by camera and time.
    /// @param folder of the photo, with slashes
    /// @param camera as photos say it
    /// @param taken  by the camera's clock
    StationMatch find(std::string_view folder, std::string_view camera,
                      const std::optional<CaptureTime>& taken) const;

    /// The right time of a photo, with the zone of its row if the photo does not say it.
    CaptureTime corrected(CaptureTime taken, const StationRow* row) const;

private:
    /// Rows of a folder by their cameras, and those by their starts.
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
    std::size_t most_parts_ = 0;  ///< Of any row's folder.
    /// Folders that were looked up, and their rows; null for none.
    mutable std::map<std::string, const FolderRows*, std::less<>> found_;
};

}  // namespace speciesnet::cli
