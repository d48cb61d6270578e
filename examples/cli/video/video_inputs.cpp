// SPDX-License-Identifier: Apache-2.0
// Reads only the headers of videos.
#include "video_inputs.hpp"

#include "speciesnet/error.hpp"

#include "frame_name.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace speciesnet::cli {
namespace {

/// More than a day at one frame each second: probably a rate was given instead of a step.
constexpr std::size_t most_frames = 100'000;

std::size_t step_of(const VideoFacts& facts, const FrameSampling& sampling) {
    if (sampling.every_nth_frame) {
        return *sampling.every_nth_frame;
    }
    const double step = std::min(facts.frame_rate / sampling.frames_per_second, 1e9);
    return static_cast<std::size_t>(std::max(std::llround(step), 1LL));
}

void add_video(const Instance& video, const FrameSampling& sampling,
               std::vector<Instance>& instances) {
    std::optional<VideoFacts> facts;
    try {
        facts = VideoFile(video.filepath).facts();
    } catch (const InvalidImage&) {
        instances.push_back(video);
        return;
    } catch (const IoError&) {
        instances.push_back(video);
        return;
    }
    for (const auto number : sampled_frames(*facts, sampling)) {
        instances.push_back(video);
        instances.back().filepath = to_text({.video = video.filepath, .number = number});
    }
}

}  // namespace

std::vector<std::size_t> sampled_frames(const VideoFacts& facts, const FrameSampling& sampling) {
    const auto step = step_of(facts, sampling);
    const auto count = (facts.frames - 1) / step + 1;
    if (count > most_frames) {
        throw InvalidArgument("a video has " + std::to_string(count) +
                              " frames to process, more than " + std::to_string(most_frames) +
                              "; select fewer with --frames_per_second or --every_nth_frame");
    }
    std::vector<std::size_t> numbers(count);
    for (std::size_t index = 0; index < count; ++index) {
        numbers[index] = index * step;
    }
    return numbers;
}

std::vector<Instance> with_frames(std::vector<Instance> instances, const FrameSampling& sampling) {
    const auto is_video = [](const Instance& instance) { return is_video_name(instance.filepath); };
    if (std::none_of(instances.begin(), instances.end(), is_video)) {
        return instances;
    }
    std::vector<Instance> all;
    for (auto& instance : instances) {
        if (is_video(instance)) {
            add_video(instance, sampling, all);
        } else {
            all.push_back(std::move(instance));
        }
    }
    return all;
}

}  // namespace speciesnet::cli
