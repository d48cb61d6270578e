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

/// A frame, or why there is none.
struct DecodedFrame {
    std::optional<Image> image;
    std::string failure_reason;  ///< Set if there is no image.
};

/// Decodes frames in a given order on a thread of its own. To be used by one thread.
class FrameReader {
public:
    /// @param frames those of one video together; of a video that cannot be read, too
    explicit FrameReader(std::vector<FrameName> frames);
    /// Gives up the frames that were not taken.
    ~FrameReader();
    FrameReader(const FrameReader&) = delete;
    FrameReader& operator=(const FrameReader&) = delete;

    /// The next frame, in their order; waits for it. To be called once for each.
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
