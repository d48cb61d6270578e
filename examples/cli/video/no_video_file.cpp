// SPDX-License-Identifier: Apache-2.0
// Replaces videos in builds without FFmpeg's libraries.
#include "speciesnet/error.hpp"

#include "video_file.hpp"

#include <utility>

namespace speciesnet::cli {

class VideoFile::Reader {};

bool can_read_videos() noexcept {
    return false;
}

VideoFile::VideoFile(const std::filesystem::path& /*path*/, const DecodeLimits& /*limits*/,
                     std::stop_token /*stop*/) {
    throw InvalidImage(ErrorCode::unsupported_media_type,
                       "cannot read the video: this program was built without FFmpeg's libraries");
}

VideoFile::~VideoFile() = default;
VideoFile::VideoFile(VideoFile&&) noexcept = default;
VideoFile& VideoFile::operator=(VideoFile&&) noexcept = default;

const VideoFacts& VideoFile::facts() const noexcept {
    static const VideoFacts none;
    return none;
}

Image VideoFile::frame(std::size_t /*number*/) {
    throw InvalidImage(ErrorCode::unsupported_media_type, "there is no video");
}

}  // namespace speciesnet::cli
