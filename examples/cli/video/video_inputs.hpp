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
    /// Frames for each second of the video; as near to it as whole steps between frames come.
    double frames_per_second = 1;
    /// Takes frames 0, n, 2n … instead; nothing if not asked for.
    std::optional<std::size_t> every_nth_frame = std::nullopt;
};

/// The numbers of the frames to take, from 0 on.
/// @throws InvalidArgument for more than 100,000
std::vector<std::size_t> sampled_frames(const VideoFacts& facts, const FrameSampling& sampling);

/// Replaces each video among instances by its frames, with the place of the video. A video that
/// cannot be read stays what it is, and fails in the run with its reason.
/// @throws InvalidArgument as sampled_frames()
std::vector<Instance> with_frames(std::vector<Instance> instances, const FrameSampling& sampling);

}  // namespace speciesnet::cli
