// SPDX-License-Identifier: Apache-2.0
// Reads the metadata of a photo: time, place and camera.
//
//     const auto metadata = speciesnet::read_metadata_file("photo.jpg");
//     if (metadata.taken) std::cout << speciesnet::to_iso8601(*metadata.taken) << '\n';
#pragma once

#include "speciesnet/export.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace speciesnet {

/// Time of the camera's clock. Few cameras store their time zone.
struct CaptureTime {
    std::chrono::local_time<std::chrono::milliseconds> local;
    /// Offset from UTC, −14 to 14 hours; nothing if the camera stores none.
    std::optional<std::chrono::minutes> utc_offset = std::nullopt;

    friend bool operator==(const CaptureTime&, const CaptureTime&) = default;
};

/// Position of the camera, by its GPS.
struct Coordinates {
    double latitude = 0;   ///< Degrees north, −90 to 90.
    double longitude = 0;  ///< Degrees east, −180 to 180.

    friend bool operator==(const Coordinates&, const Coordinates&) = default;
};

/// EXIF fields used in camera trapping. Missing and invalid fields are empty. Text is copied
/// verbatim and is usually, but not always, UTF-8.
struct PhotoMetadata {
    /// EXIF's DateTimeOriginal, else DateTimeDigitized, else DateTime, with its fraction and
    /// offset.
    std::optional<CaptureTime> taken;
    std::optional<Coordinates> coordinates;  ///< GPSLatitude and GPSLongitude, both or neither.
    std::string camera_make;                 ///< EXIF's Make.
    std::string camera_model;                ///< EXIF's Model.
    std::string camera_serial_number;        ///< EXIF's BodySerialNumber.
                                       /// EXIF's Orientation, which decode() applies: 1 (upright)
                                       /// to 8. From 5 on, width and height are
    /// swapped.
    int orientation = 1;
};

/// Reads the EXIF block of a JPEG, PNG, WebP or TIFF file. Never decodes pixels and never fails:
/// for damaged or other files, unreadable fields stay empty.
/// @param bytes the encoded image; not kept
/// Thread-safe.
SPECIESNET_EXPORT PhotoMetadata read_metadata(std::span<const std::byte> bytes);

/// Reads the EXIF block of a file.
/// @throws IoError if the file cannot be read; InvalidImage (media_too_large) beyond 512 MiB
SPECIESNET_EXPORT PhotoMetadata read_metadata_file(const std::filesystem::path& path);

/// Parses an offset from UTC: "Z", "+02:00", "-5:00", "+0530" or "+3".
/// @return nothing for other texts, and for more than 14 hours
SPECIESNET_EXPORT std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text);

/// Formats a time as "2026-11-25T06:12:09", with ".250" after the seconds if there is a fraction
/// and "+02:00" or "Z" at the end if the offset is known.
SPECIESNET_EXPORT std::string to_iso8601(const CaptureTime& time);

}  // namespace speciesnet
