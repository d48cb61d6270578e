// SPDX-License-Identifier: Apache-2.0
// Reads frames of a video as upright RGB images, with FFmpeg's libraries.
#pragma once

#include "speciesnet/image.hpp"
#include "speciesnet/metadata.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>

namespace speciesnet::cli {

/// Returns whether this program was built with FFmpeg's libraries.
bool can_read_videos() noexcept;

/// The properties that a video states, without decoding a frame.
struct VideoFacts {
    double frame_rate = 0;  ///< Average frames for each second, greater than 0.
    std::size_t frames =
        0;           ///< At least 1; the duration stated in the container times the frame rate.
    int width = 0;   ///< Pixels of the upright image.
    int height = 0;  ///< Likewise.
    /// When the first frame was taken, according to the container. The standard requires UTC, but
    /// trail cameras write their clock; therefore it is treated as the clock, without a time zone.
    std::optional<CaptureTime> begin = std::nullopt;

    /// Returns when a frame was taken.
    std::optional<CaptureTime> time_of(std::size_t frame) const {
        auto time = begin;
        if (time) {
            constexpr double milliseconds = 1000;
            time->local += std::chrono::milliseconds(
                std::llround(milliseconds * static_cast<double>(frame) / frame_rate));
        }
        return time;
    }
};

/// An open video. Frame `n` is shown `n / frame_rate` seconds after the first one. Not thread-safe.
class VideoFile {
public:
    /// Reads the container's header. Opens only this file, whatever a container refers to, and
    /// supports only containers and codecs that cameras write.
    /// @param limits of each frame: max_pixels
    /// @param stop   checked continuously
    /// @throws IoError if the file cannot be read; InvalidImage (undecodable_image,
    /// media_too_large; unsupported_media_type if this program reads no videos); Cancelled
    explicit VideoFile(const std::filesystem::path& path, const DecodeLimits& limits = {},
                       std::stop_token stop = {});
    ~VideoFile();
    VideoFile(VideoFile&&) noexcept;
    VideoFile& operator=(VideoFile&&) noexcept;

    const VideoFacts& facts() const noexcept;

    /// Decodes a frame. Fastest in increasing order: frames in between are decoded only if the
    /// wanted one depends on them.
    /// @throws InvalidImage (undecodable_image) if it is damaged or beyond the end of the video;
    /// Cancelled if stopped
    Image frame(std::size_t number);

private:
    class Reader;
    std::unique_ptr<Reader> reader_;
};

}  // namespace speciesnet::cli
