// SPDX-License-Identifier: Apache-2.0
// Reads the image of a result: a photo, or a frame of a video.
#pragma once

#include "speciesnet/image.hpp"
#include "speciesnet/metadata.hpp"

#include <optional>
#include <string>

namespace speciesnet::cli {

/// Reads and decodes it.
/// @param filepath a photo's path, or a frame's name
/// @throws as decode_file() and VideoFile
Image read_picture(const std::string& filepath);

/// When an image was taken.
struct PictureTime {
    std::optional<CaptureTime> taken = std::nullopt;  ///< Nothing if its file does not say.
    std::optional<double> seconds = std::nullopt;     ///< Of a frame, from the video's beginning.
};

/// @param filepath as read_picture() takes it
/// @throws as read_metadata_file() and VideoFile
PictureTime time_of_picture(const std::string& filepath);

}  // namespace speciesnet::cli
