// SPDX-License-Identifier: Apache-2.0
// Videos use the rule for bursts.
#include "frames_together.hpp"

#include "formats/sequences.hpp"
#include "frame_name.hpp"
#include "results/photo_answers.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace speciesnet::cli {

void for_each_file(
    const Results& results,
    const std::function<void(const std::string&, std::span<const Prediction>)>& visit) {
    std::string video;
    std::vector<Prediction> frames;
    const auto finish_video = [&] {
        if (!frames.empty()) {
            visit(video, frames);
            frames.clear();
        }
    };
    results.for_each([&](const Prediction& prediction) {
        const auto frame = parse_frame_name(prediction.filepath);
        if (!frame || frame->video != video) {
            finish_video();
        }
        if (frame) {
            video = frame->video;
            frames.push_back(prediction);
        } else {
            visit(prediction.filepath, {&prediction, 1});
        }
    });
    finish_video();
}

std::optional<Answer> file_answer(std::span<const Prediction> of_file, double threshold) {
    if (!parse_frame_name(of_file.front().filepath)) {
        return photo_answer(of_file.front(), threshold);
    }
    std::vector<Answer> answers;
    for (const auto& frame : of_file) {
        if (auto answer = photo_answer(frame, threshold)) {
            answers.push_back(std::move(*answer));
        }
    }
    return decide_sequence(answers);
}

Prediction merged(const std::string& file, std::span<const Prediction> of_file) {
    if (!parse_frame_name(of_file.front().filepath)) {
        return of_file.front();
    }
    const auto worked = [](const Prediction& frame) { return !frame.failures.any(); };
    const auto first = std::find_if(of_file.begin(), of_file.end(), worked);
    Prediction video = first == of_file.end() ? of_file.front() : *first;
    video.filepath = file;
    for (const auto& frame : of_file) {
        if (&frame == &*first || !worked(frame)) {
            continue;
        }
        video.truncated = video.truncated || frame.truncated;
        if (frame.detections && video.detections) {
            video.detections->insert(video.detections->end(), frame.detections->begin(),
                                     frame.detections->end());
        }
    }
    if (video.detections) {
        std::stable_sort(video.detections->begin(), video.detections->end(),
                         [](const auto& one, const auto& other) {
                             return one.detection.conf > other.detection.conf;
                         });
    }
    return video;
}

}  // namespace speciesnet::cli
