// SPDX-License-Identifier: Apache-2.0
// Writers of result documents, one file for each format: docs/reference/formats.md.
#pragma once

#include "speciesnet/json.hpp"

#include "csv_table.hpp"
#include "photo_records.hpp"
#include "time_zone.hpp"

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Number of digits after the point in saved files. Source: utils.py, save_predictions.
inline constexpr int saved_decimals = 4;

/// Receives a document piece by piece.
using TextReceiver = std::function<void(std::string_view)>;

/// Options of formats.
struct FormatOptions {
    /// Minimum confidence of detections that count and become observations.
    double observation_threshold = 0.2;
    /// The time zone of cameras' clocks, if photos do not state it.
    std::optional<TimeZone> zone = std::nullopt;
    /// The time at which the document is written.
    std::chrono::sys_seconds now;
    /// For CSV tables that people read; those of Camtrap DP have none.
    CsvTable::ByteOrderMark byte_order_mark = CsvTable::ByteOrderMark::without;
};

/// Writes SpeciesNet's own document.
void write_speciesnet_json(const Results& results, const JsonOptions& options,
                           const TextReceiver& write);

// Each of the following functions replaces a file atomically, and throws IoError.

/// Writes one element of SpeciesNet's document on each line.
void write_json_lines(const Results& results, const JsonOptions& options,
                      const std::filesystem::path& file);

/// Writes MegaDetector's output format 1.6, which its tools and Timelapse read.
void write_megadetector_json(const PhotoRecords& records, const std::filesystem::path& file);

/// Writes a table with one row for each photo.
void write_photos_csv(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& file);
/// Writes a table with one row for each detection.
void write_detections_csv(const PhotoRecords& records, const FormatOptions& options,
                          const std::filesystem::path& file);
/// Writes a table with one row for each sequence.
void write_sequences_csv(const PhotoRecords& records, const FormatOptions& options,
                         const std::filesystem::path& file);
/// Writes a table with one row for each video.
void write_videos_csv(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& file);
/// Writes a table with one row for each event.
void write_events_csv(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& file);
/// Writes these tables as sheets of one Excel workbook; sequences and events only if there are any.
void write_workbook(const PhotoRecords& records, const FormatOptions& options,
                    const std::filesystem::path& file);

/// Writes COCO Camera Traps.
void write_coco_camera_traps(const PhotoRecords& records, const FormatOptions& options,
                             const std::filesystem::path& file);

/// The files of a Camtrap DP.
inline constexpr std::array camtrap_dp_files{"deployments.csv", "media.csv", "observations.csv",
                                             "datapackage.json"};

/// Writes Camtrap DP 1.0.2: a folder with deployments, media and observations, and the package's
/// description. Creates the folder if it is missing.
void write_camtrap_dp(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& folder);

}  // namespace speciesnet::cli
