// SPDX-License-Identifier: Apache-2.0
// Names of video frames in results: "clip.mp4#frame=30".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Returns whether a path has the extension of a video, in any case.
bool is_video_name(std::string_view path);

/// A frame of a video, counted from 0 in display order.
struct FrameName {
    std::string video;
    std::size_t number = 0;

    friend bool operator==(const FrameName&, const FrameName&) = default;
};

/// Returns "clip.mp4#frame=30".
std::string to_text(const FrameName& name);

/// @return nothing if the path is not a frame of a video
std::optional<FrameName> parse_frame_name(std::string_view filepath);

/// Returns the frame of a result; the first frame for a video without frames in the results,
/// because it could not be read.
/// @return nothing for a photo
std::optional<FrameName> frame_of(std::string_view filepath);

/// Returns the file of a result: the video of a frame, otherwise the path itself.
std::string file_of(std::string_view filepath);

}  // namespace speciesnet::cli
