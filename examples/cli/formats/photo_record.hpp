// SPDX-License-Identifier: Apache-2.0
// What the formats are made of: a photo's result, what its file says of it, and the burst it is of.
#pragma once

#include "speciesnet/metadata.hpp"
#include "speciesnet/prediction.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// A camera in its place: photos of one folder by one camera.
struct Station {
    /// Unique: the folder, and the camera where one folder holds photos of several.
    std::string name;
    std::string camera;  ///< Make, model and serial number; empty if unknown.
};

/// What a photo's file says of it. A few dozen bytes: there is one for every photo of a run.
struct PhotoFacts {
    std::optional<CaptureTime> taken = std::nullopt;
    std::optional<Coordinates> coordinates = std::nullopt;
    std::int32_t width = 0;     ///< Pixels of the upright picture; 0 if unknown.
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
};

}  // namespace speciesnet::cli
