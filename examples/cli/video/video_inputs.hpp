// SPDX-License-Identifier: Apache-2.0
// Selects the frames of videos that a run processes.
#pragma once

#include "speciesnet/prediction.hpp"

#include "video_file.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace speciesnet::cli {

/// How often a frame is taken.
struct FrameSampling {
    /// Frames for each second of the video; approximated by whole steps between frames.
    double frames_per_second = 1;
    /// Takes frames 0, n, 2n … instead, if set.
    std::optional<std::size_t> every_nth_frame = std::nullopt;
};

/// Returns the indices of the frames to take, starting at 0.
/// @throws InvalidArgument if there are more than 100,000
std::vector<std::size_t> sampled_frames(const VideoFacts& facts, const FrameSampling& sampling);

/// Replaces each video among instances by its frames, with the location of the video. An unreadable
/// video is kept, and fails in the run with its reason.
/// @throws InvalidArgument as sampled_frames()
std::vector<Instance> with_frames(std::vector<Instance> instances, const FrameSampling& sampling);

}  // namespace speciesnet::cli
