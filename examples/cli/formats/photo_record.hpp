// SPDX-License-Identifier: Apache-2.0
// The input of the formats: a photo's result, its metadata, and its burst.
#pragma once

#include "speciesnet/metadata.hpp"
#include "speciesnet/prediction.hpp"

#include "review/review.hpp"
#include "stations/station_table.hpp"
#include "video/video_file.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// A gap of a year between two consecutive photos of a camera: its clock was reset, or its photos
/// are from two seasons.
struct ClockJump {
    CaptureTime before;
    CaptureTime after;
    std::size_t photos_before = 0;
    std::size_t photos_after = 0;
};

/// A camera at a place: the photos of one folder, or of one row of a table of stations, by one
/// camera.
struct Station {
    /// Unique: the row's deployment or the folder, and the camera if there are several.
    std::string name = {};
    std::string camera = {};          ///< Make, model and serial number; empty if unknown.
    const StationRow* row = nullptr;  ///< Row in a table of stations; null without one.
    std::optional<ClockJump> clock_jump = std::nullopt;
    std::size_t outside_period = 0;  ///< Photos taken outside the period of the row.

    /// Returns the place, which several cameras may share, at the same time or one after the other.
    const std::string& place() const { return row == nullptr ? name : row->station; }
};

/// The metadata of a photo. Small, because there is one for each photo of a run.
struct PhotoFacts {
    std::optional<CaptureTime> taken = std::nullopt;
    std::optional<Coordinates> coordinates = std::nullopt;
    std::int32_t width = 0;     ///< Pixels of the upright image; 0 if unknown.
    std::int32_t height = 0;    ///< Likewise.
    std::uint32_t station = 0;  ///< Index among the stations.
};

/// Photos of one station in quick succession.
struct Sequence {
    std::string id;       ///< Name of the station and time of the first photo.
    std::string station;  ///< The station's name.
    CaptureTime start;
    CaptureTime end;
    std::size_t photos = 0;
    /// The common answer of the photos; nothing if none of them has an answer.
    std::optional<Answer> answer = std::nullopt;
};

/// One photo. Refers to data of other objects: valid only while it is written.
struct PhotoRecord {
    const Prediction& prediction;
    const PhotoFacts& facts;
    const Station& station;
    const Sequence* sequence;  ///< Null if sequences were not requested or the time is unknown.
    std::size_t frame;         ///< Position in the sequence, from 1.
    std::size_t number;        ///< Index among all photos, from 0.
    const Review* review;      ///< The decision of a person; null if there is none.
    const VideoFacts* video;   ///< For a frame; null for a photo, or if the video cannot be opened.

    /// Returns coordinates from the table of stations, otherwise the inputs, otherwise the camera.
    std::optional<Coordinates> coordinates() const;
    /// Returns the country from the inputs, otherwise the table.
    std::optional<std::string> country() const;
    std::optional<std::string> admin1_region() const;
};

}  // namespace speciesnet::cli
