// SPDX-License-Identifier: Apache-2.0
// Detections are in order of descending confidence, in which labels are placed.
#include "prediction_annotations.hpp"

#include "speciesnet/taxonomy.hpp"

#include <string>

namespace speciesnet::cli {
namespace {

std::string named_score(std::string_view label, double score, Names names) {
    return display_name(label, names) + ' ' + two_decimals(score);
}

std::string text_of(const ClassifiedDetection& entry, Names names) {
    const auto& [detection, classification, answer, explanation] = entry;
    const auto label = shown_label(entry);
    if (answer && label == answer->label) {
        return named_score(label, answer->score, names);
    }
    if (!answer && classification && !classification->classes.empty()) {
        return named_score(label, classification->scores.front(), names);
    }
    return std::string(category_label(detection.category)) + ' ' + two_decimals(detection.conf);
}

}  // namespace

Annotations annotations_of(const Prediction& prediction, Names names, double threshold) {
    Annotations annotations;
    if (const auto failure = failure_text(prediction); !failure.empty()) {
        annotations.caption = "failed: " + failure;
    }
    if (prediction.truncated) {
        annotations.caption += annotations.caption.empty() ? "" : " | ";
        annotations.caption += truncated_text;
    }
    if (!prediction.detections) {
        return annotations;
    }
    for (const auto& entry : *prediction.detections) {
        if (entry.detection.category == Category::whole_image) {
            const auto text = text_of(entry, names);
            annotations.caption =
                annotations.caption.empty() ? text : text + " | " + annotations.caption;
        } else if (entry.detection.conf >= threshold) {
            annotations.boxes.push_back(
                {entry.detection.category, entry.detection.bbox, text_of(entry, names)});
        }
    }
    if (annotations.boxes.empty() && annotations.caption.empty()) {
        annotations.caption = display_name(labels::blank, names);
    }
    return annotations;
}

}  // namespace speciesnet::cli
