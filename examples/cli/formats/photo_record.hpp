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

/// A year between two photos of a camera that follow each other: its clock was reset, or its photos
/// are of two seasons.
struct ClockJump {
    CaptureTime before;
    CaptureTime after;
    std::size_t photos_before = 0;
    std::size_t photos_after = 0;
};

/// A camera in its place: photos of one folder, or of one row of a table of stations, by one
/// camera.
struct Station {
    /// Unique: the row's deployment or the folder, and the camera where there are several.
    std::string name = {};
    std::string camera = {};          ///< Make, model and serial number; empty if unknown.
    const StationRow* row = nullptr;  ///< What a table says of it; null without.
    std::optional<ClockJump> clock_jump = std::nullopt;
    std::size_t outside_period = 0;  ///< Photos that were not taken in the row's time.

    /// The place: several cameras, one after the other or at the same time, may have the same.
    const std::string& place() const { return row == nullptr ? name : row->station; }
};

/// What a photo's file says of it. A few dozen bytes: there is one for every photo of a run.
struct PhotoFacts {
    std::optional<CaptureTime> taken = std::nullopt;
    std::optional<Coordinates> coordinates = std::nullopt;
    std::int32_t width = 0;     ///< Pixels of the upright image; 0 if unknown.
    std::int32_t height = 0;    ///< Likewise.
    std::uint32_t station = 0;  ///< Index among the stations.
};

/// Photos of one station in quick succession.
struct Sequence {
    std::string id;       ///< The station's name and the first photo's time.
    std::string station;  ///< The station's name.
    CaptureTime start;
    CaptureTime end;
    std::size_t photos = 0;
    /// What is in the photos together; nothing if none of them has an answer.
    std::optional<Answer> answer = std::nullopt;
};

/// One photo. Refers to what others own: valid while it is being written.
struct PhotoRecord {
    const Prediction& prediction;
    const PhotoFacts& facts;
    const Station& station;
    const Sequence* sequence;  ///< Null if sequences were not asked for or the time is unknown.
    std::size_t frame;         ///< Place in the sequence, from 1.
    std::size_t number;        ///< Among all photos, from 0.
    const Review* review;      ///< What a person has decided; null if nothing.
    const VideoFacts* video;   ///< Of a frame; null for a photo, or if the video cannot be opened.

    /// Where a table of stations, else the inputs, else the camera says that it was.
    std::optional<Coordinates> coordinates() const;
    /// Of the inputs, else of the table.
    std::optional<std::string> country() const;
    std::optional<std::string> admin1_region() const;
};

}  // namespace speciesnet::cli
