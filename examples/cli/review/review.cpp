// SPDX-License-Identifier: Apache-2.0
// Keeps all detections of the model: boxes stay, with another answer or a negative confidence.
#include "review.hpp"

#include "speciesnet/taxonomy.hpp"

#include "results/photo_answers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace speciesnet::cli {
namespace {

bool is_whole(const ClassifiedDetection& entry) {
    return entry.detection.category == Category::whole_image;
}

/// Inserts an answer for the whole image before all boxes.
void answer_whole_picture(std::vector<ClassifiedDetection>& entries, const std::string& label) {
    std::erase_if(entries, is_whole);
    entries.insert(
        entries.begin(),
        {.detection = whole_image_detection(),
         .answer = Answer{.label = label, .score = 1, .source = std::string(human_source)}});
}

Category category_of(const std::string& label) {
    if (label == labels::human) {
        return Category::human;
    }
    return label == labels::vehicle ? Category::vehicle : Category::animal;
}

}  // namespace

Prediction reviewed(Prediction prediction, const Review& review, double threshold) {
    // The person could see the photo although the program failed.
    prediction.failures = {};
    prediction.failure_reason.clear();
    auto& entries =
        prediction.detections ? *prediction.detections : prediction.detections.emplace();
    const auto answer = [](ClassifiedDetection& entry, std::string label) {
        entry.answer =
            Answer{.label = std::move(label), .score = 1, .source = std::string(human_source)};
    };
    if (review.kind == Review::Kind::confirmed) {
        const auto shown = photo_answer(prediction, threshold);
        const bool any_answer = std::any_of(entries.begin(), entries.end(),
                                            [](const auto& entry) { return entry.answer; });
        for (auto& entry : entries) {
            // Results of a detector alone are confirmed by category.
            if (entry.detection.conf >= threshold && (entry.answer || !any_answer)) {
                answer(entry, shown_label(entry));
            }
        }
        if (shown && shown->label == labels::blank) {
            answer_whole_picture(entries, shown->label);
        }
        return prediction;
    }
    if (review.label == labels::blank) {
        for (auto& entry : entries) {
            entry.detection.conf = -std::abs(entry.detection.conf);
        }
        answer_whole_picture(entries, review.label);
        return prediction;
    }
    // Boxes of the labelled category stay; others are suppressed.
    const auto category = category_of(review.label);
    const bool any_box = std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
        return entry.detection.category == category && entry.detection.conf >= threshold;
    });
    for (auto& entry : entries) {
        if (is_whole(entry) || entry.detection.conf < threshold) {
            continue;
        }
        if (any_box && entry.detection.category == category) {
            answer(entry, review.label);
        } else {
            entry.detection.conf = -entry.detection.conf;
        }
    }
    if (any_box) {
        std::erase_if(entries, is_whole);
    } else {
        answer_whole_picture(entries, review.label);
    }
    return prediction;
}

}  // namespace speciesnet::cli
