// SPDX-License-Identifier: Apache-2.0
// Names of video frames in results: "clip.mp4#frame=30".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Whether a path has the extension of a video, in any case.
bool is_video_name(std::string_view path);

/// A frame of a video, counted from 0 in the order in which frames are shown.
struct FrameName {
    std::string video;
    std::size_t number = 0;

    friend bool operator==(const FrameName&, const FrameName&) = default;
};

/// "clip.mp4#frame=30"
std::string to_text(const FrameName& name);

/// @return nothing for anything but a frame of a video
std::optional<FrameName> parse_frame_name(std::string_view filepath);

/// The frame that a result is of; the first of a video that has no frames in the results, since it
/// could not be read.
/// @return nothing for a photo
std::optional<FrameName> frame_of(std::string_view filepath);

/// The file that holds what a result is of: the video of a frame, else the path itself.
std::string file_of(std::string_view filepath);

}  // namespace speciesnet::cli
