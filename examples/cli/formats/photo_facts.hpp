// SPDX-License-Identifier: Apache-2.0
// Reads the metadata of photos and videos.
#pragma once

#include "photo_record.hpp"

#include <map>
#include <optional>
#include <string>

namespace speciesnet::cli {

/// The metadata of one photo.
struct ReadFacts {
    PhotoFacts facts;    ///< Without a station.
    std::string camera;  ///< For Station::camera.
    bool readable = true;
};

/// Never fails: a missing file, or one that is not a photo, has no metadata. Opens each video once.
class FactsReader {
public:
    /// @param filepath path of a photo, or name of a frame
    ReadFacts read(const std::string& filepath);

    /// @return null if it could not be opened, or no frame of it was read
    const VideoFacts* find_video(const std::string& video) const;

    bool has_videos() const noexcept { return !videos_.empty(); }

private:
    std::map<std::string, std::optional<VideoFacts>> videos_;
};

}  // namespace speciesnet::cli
