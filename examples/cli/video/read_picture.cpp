// SPDX-License-Identifier: Apache-2.0
// The video is opened for each frame: pages and copies show few of them.
#include "read_picture.hpp"

#include "frame_name.hpp"
#include "video_file.hpp"

namespace speciesnet::cli {

Image read_picture(const std::string& filepath) {
    if (const auto frame = frame_of(filepath)) {
        return VideoFile(frame->video).frame(frame->number);
    }
    return decode_file(filepath);
}

std::optional<CaptureTime> time_of_picture(const std::string& filepath) {
    if (const auto frame = frame_of(filepath)) {
        return VideoFile(frame->video).facts().time_of(frame->number);
    }
    return read_metadata_file(filepath).taken;
}

}  // namespace speciesnet::cli
