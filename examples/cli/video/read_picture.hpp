// SPDX-License-Identifier: Apache-2.0
// Reads the image of a result: a photo, or a frame of a video.
#pragma once

#include "speciesnet/image.hpp"
#include "speciesnet/metadata.hpp"

#include <optional>
#include <string>

namespace speciesnet::cli {

/// Reads and decodes an image.
/// @param filepath path of a photo, or name of a frame
/// @throws as decode_file() and VideoFile
Image read_picture(const std::string& filepath);

/// The time at which an image was taken.
struct PictureTime {
    std::optional<CaptureTime> taken = std::nullopt;  ///< Nothing if its file does not state it.
    std::optional<double> seconds = std::nullopt;     ///< Of a frame, from the start of the video.
};

/// @param filepath as for read_picture()
/// @throws as read_metadata_file() and VideoFile
PictureTime time_of_picture(const std::string& filepath);

}  // namespace speciesnet::cli
