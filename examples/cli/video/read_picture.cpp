// SPDX-License-Identifier: Apache-2.0
// Opens the video for each frame, because pages and copies show few frames.
#include "read_picture.hpp"

#include "speciesnet/utf8_path.hpp"

#include "frame_name.hpp"
#include "video_file.hpp"

namespace speciesnet::cli {

Image read_picture(const std::string& filepath) {
    if (const auto frame = frame_of(filepath)) {
        return VideoFile(utf8_path(frame->video)).frame(frame->number);
    }
    return decode_file(utf8_path(filepath));
}

PictureTime time_of_picture(const std::string& filepath) {
    if (const auto frame = frame_of(filepath)) {
        const auto facts = VideoFile(utf8_path(frame->video)).facts();
        return {.taken = facts.time_of(frame->number),
                .seconds = static_cast<double>(frame->number) / facts.frame_rate};
    }
    return {.taken = read_metadata_file(utf8_path(filepath)).taken};
}

}  // namespace speciesnet::cli
