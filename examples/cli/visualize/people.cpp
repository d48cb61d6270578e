// SPDX-License-Identifier: Apache-2.0
// Boxes may cut off feet and hands, so a margin is added.
#include "people.hpp"

#include "drawing/annotated_picture.hpp"
#include "drawing/pixelation.hpp"
#include "results/photo_answers.hpp"

#include <algorithm>
#include <cmath>

namespace speciesnet::cli {
namespace {

/// Margin on each side, relative to the longer side of the box.
constexpr int margin_divisor = 8;
constexpr int smallest_margin = 4;

bool says_human(const ClassifiedDetection& entry) {
    return (entry.answer && is_human(entry.answer->label)) ||
           (entry.classification && !entry.classification->classes.empty() &&
            is_human(entry.classification->classes.front()));
}

bool is_whole_picture(const ClassifiedDetection& entry) {
    return entry.detection.category == Category::whole_image;
}

/// A classification without a model version is from the classifier alone, without a detector.
bool boxes_are_known(const Prediction& prediction) {
    if (!prediction.detections || prediction.failures.detector) {
        return false;
    }
    const auto& entries = *prediction.detections;
    return entries.empty() || !prediction.model_version.empty() ||
           !std::all_of(entries.begin(), entries.end(), is_whole_picture);
}

void blur_box(Canvas& canvas, const BoundingBox& bbox) {
    const auto box = pixels_of(bbox, canvas);
    pixelate(canvas, box.grown(smallest_margin + std::max(box.width, box.height) / margin_divisor));
}

}  // namespace

bool shows_person(const ClassifiedDetection& entry) {
    return entry.detection.category == Category::human || says_human(entry);
}

void blur_people(Canvas& canvas, const Prediction& prediction) {
    if (!boxes_are_known(prediction)) {
        pixelate(canvas, canvas.area());
        return;
    }
    bool person_without_box = false;
    bool any_box = false;
    for (const auto& entry : *prediction.detections) {
        const auto& [category, conf, bbox] = entry.detection;
        if (is_whole_picture(entry)) {
            person_without_box = says_human(entry);
        } else if (says_human(entry) ||
                   (shows_person(entry) && std::abs(conf) >= people_threshold)) {
            // Includes suppressed repeats, because blurring too much is safer.
            blur_box(canvas, bbox);
            any_box = true;
        }
    }
    if (person_without_box && !any_box) {
        pixelate(canvas, canvas.area());
    }
}

}  // namespace speciesnet::cli
