// SPDX-License-Identifier: Apache-2.0
// Each box joins the candidate that it overlaps most, or becomes a new candidate.
#include "repeat_finder.hpp"

#include <algorithm>
#include <bit>

namespace speciesnet::cli {
namespace {

/// Keeps the first, second, fourth, … detection, and of these the first and the last few.
void add_example(FoundRepeat& candidate, const std::string& filepath, const BoundingBox& box) {
    auto& examples = candidate.examples;
    if (examples.size() < RepeatFinder::most_examples) {
        examples.push_back({.filepath = filepath, .bbox = box});
    } else if (std::has_single_bit(candidate.repeat.detections)) {
        std::rotate(examples.begin() + 1, examples.begin() + 2, examples.end());
        examples.back() = {.filepath = filepath, .bbox = box};
    }
}

}  // namespace

void RepeatFinder::add(const std::string& folder, const Prediction& prediction) {
    if (!prediction.detections) {
        return;
    }
    auto& camera = cameras_.try_emplace(folder, options_.tolerance).first->second;
    for (const auto& entry : *prediction.detections) {
        const auto& [category, conf, box] = entry.detection;
        if (category == Category::whole_image || !(conf >= options_.threshold) ||
            !BoxGrid::takes(box) || box.width * box.height > options_.greatest_area) {
            continue;
        }
        auto number = camera.grid.find(category, box);
        if (!number) {
            number = camera.grid.add(category, box);
            camera.candidates.push_back(
                {.repeat = {.folder = folder, .category = category, .bbox = box}, .examples = {}});
        }
        auto& candidate = camera.candidates[*number];
        ++candidate.repeat.detections;
        candidate.repeat.greatest_conf = std::max(candidate.repeat.greatest_conf, conf);
        add_example(candidate, prediction.filepath, box);
    }
}

std::vector<FoundRepeat> RepeatFinder::take() const {
    std::vector<FoundRepeat> repeats;
    for (const auto& [folder, camera] : cameras_) {
        const auto first = static_cast<std::ptrdiff_t>(repeats.size());
        std::copy_if(camera.candidates.begin(), camera.candidates.end(),
                     std::back_inserter(repeats), [this](const FoundRepeat& candidate) {
                         return candidate.repeat.detections >= options_.least;
                     });
        std::stable_sort(repeats.begin() + first, repeats.end(),
                         [](const FoundRepeat& one, const FoundRepeat& other) {
                             return one.repeat.detections > other.repeat.detections;
                         });
    }
    return repeats;
}

}  // namespace speciesnet::cli
