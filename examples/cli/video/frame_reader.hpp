// SPDX-License-Identifier: Apache-2.0
// Decodes the next frames of a run while the networks work on earlier ones.
#pragma once

#include "speciesnet/image.hpp"

#include "frame_name.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace speciesnet::cli {

/// A frame, or the reason why there is none.
struct DecodedFrame {
    std::optional<Image> image;
    std::string failure_reason;  ///< Set if there is no image.
};

/// Decodes frames in a given order on its own thread. Not thread-safe.
class FrameReader {
public:
    /// @param frames grouped by video; may include unreadable videos
    explicit FrameReader(std::vector<FrameName> frames);
    /// Cancels the remaining frames.
    ~FrameReader();
    FrameReader(const FrameReader&) = delete;
    FrameReader& operator=(const FrameReader&) = delete;

    /// Returns the next frame in order, after waiting for it. Must be called once for each frame.
    DecodedFrame next();

private:
    void work();

    std::vector<FrameName> frames_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<DecodedFrame> waiting_;
    std::stop_source stop_;
    std::thread thread_;
};

}  // namespace speciesnet::cli
