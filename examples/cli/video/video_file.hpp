// SPDX-License-Identifier: Apache-2.0
// Frames of a video as upright RGB images, read with FFmpeg's libraries.
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

/// Whether this program was built with FFmpeg's libraries.
bool can_read_videos() noexcept;

/// What a video says of itself, without a frame being decoded.
struct VideoFacts {
    double frame_rate = 0;   ///< Average number of frames in a second, greater than 0.
    std::size_t frames = 0;  ///< At least 1; the container's duration times the frame rate.
    int width = 0;           ///< Pixels of the upright image.
    int height = 0;          ///< Likewise.
    /// When the first frame was taken, by the container. Trail cameras write their clock into the
    /// field that the standard wants in UTC; so it is taken as the clock, without a time zone.
    std::optional<CaptureTime> begin = std::nullopt;

    /// When a frame was taken.
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

/// An open video. Frame `n` is the one that is shown `n / frame_rate` seconds after the first one.
/// To be used by one thread at a time.
class VideoFile {
public:
    /// Reads the container's header. Only files are opened, whatever a container refers to; only
    /// containers and codecs that cameras write are taken.
    /// @param limits of each frame: max_pixels
    /// @param stop   checked all the time
    /// @throws IoError if the file cannot be read; InvalidImage (undecodable_image,
    /// media_too_large; unsupported_media_type if this program reads no videos); Cancelled
    explicit VideoFile(const std::filesystem::path& path, const DecodeLimits& limits = {},
                       std::stop_token stop = {});
    ~VideoFile();
    VideoFile(VideoFile&&) noexcept;
    VideoFile& operator=(VideoFile&&) noexcept;

    const VideoFacts& facts() const noexcept;

    /// Decodes a frame. Fastest in increasing order: frames between are decoded only as far as the
    /// wanted one refers to them.
    /// @throws InvalidImage (undecodable_image) if it is damaged or the video ends before;
    /// Cancelled when stopped
    Image frame(std::size_t number);

private:
    class Reader;
    std::unique_ptr<Reader> reader_;
};

}  // namespace speciesnet::cli
