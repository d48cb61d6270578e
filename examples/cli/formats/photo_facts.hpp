// SPDX-License-Identifier: Apache-2.0
// Reads the metadata of photos and videos.
#pragma once

#include "photo_record.hpp"

#include <map>
#include <optional>
#include <string>

namespace speciesnet::cli {

/// What was read of one photo.
struct ReadFacts {
    PhotoFacts facts;    ///< Without a station.
    std::string camera;  ///< As Station::camera.
    bool readable = true;
};

/// Never fails: of a file that is gone or no photo there are no facts. A video is opened once.
class FactsReader {
public:
    /// @param filepath a photo's path, or a frame's name
    ReadFacts read(const std::string& filepath);

    /// @return null if it could not be opened, or none of its frames was read
    const VideoFacts* find_video(const std::string& video) const;

    bool has_videos() const noexcept { return !videos_.empty(); }

private:
    std::map<std::string, std::optional<VideoFacts>> videos_;
};

}  // namespace speciesnet::cli
