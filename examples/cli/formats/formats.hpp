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

/// Digits after the point in saved files. Source: utils.py, save_predictions.
inline constexpr int saved_decimals = 4;

/// Receives a document piece by piece.
using TextReceiver = std::function<void(std::string_view)>;

/// What formats need to know beside the records.
struct FormatOptions {
    /// Lowest confidence of detections that count, and become observations.
    double observation_threshold = 0.2;
    /// Where cameras' clocks are, if photos do not say.
    std::optional<TimeZone> zone = std::nullopt;
    /// When the document is made.
    std::chrono::sys_seconds now;
    /// Of CSV tables for people; those of Camtrap DP have none.
    CsvTable::ByteOrderMark byte_order_mark = CsvTable::ByteOrderMark::without;
};

/// SpeciesNet's own document.
void write_speciesnet_json(const Results& results, const JsonOptions& options,
                           const TextReceiver& write);

// Each of these replaces a file in one step, and throws IoError.

/// One element of SpeciesNet's document on each line.
void write_json_lines(const Results& results, const JsonOptions& options,
                      const std::filesystem::path& file);

/// MegaDetector's output format 1.6, as its tools and Timelapse read it.
void write_megadetector_json(const PhotoRecords& records, const std::filesystem::path& file);

/// A table with one row for each photo.
void write_photos_csv(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& file);
/// A table with one row for each detection.
void write_detections_csv(const PhotoRecords& records, const FormatOptions& options,
                          const std::filesystem::path& file);
/// A table with one row for each sequence.
void write_sequences_csv(const PhotoRecords& records, const FormatOptions& options,
                         const std::filesystem::path& file);
/// A table with one row for each video.
void write_videos_csv(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& file);
/// A table with one row for each event.
void write_events_csv(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& file);
/// These tables as sheets of one workbook of Excel; those of sequences and events if there are any.
void write_workbook(const PhotoRecords& records, const FormatOptions& options,
                    const std::filesystem::path& file);

/// COCO Camera Traps.
void write_coco_camera_traps(const PhotoRecords& records, const FormatOptions& options,
                             const std::filesystem::path& file);

/// The files of a Camtrap DP.
inline constexpr std::array camtrap_dp_files{"deployments.csv", "media.csv", "observations.csv",
                                             "datapackage.json"};

/// Camtrap DP 1.0.2: a folder with deployments, media and observations, and the package's
/// description. The folder is made if it is missing.
void write_camtrap_dp(const PhotoRecords& records, const FormatOptions& options,
                      const std::filesystem::path& folder);

}  // namespace speciesnet::cli
