// SPDX-License-Identifier: Apache-2.0
// Answers take precedence over categories.
#include "observations.hpp"

#include "speciesnet/taxonomy.hpp"

#include "results/photo_answers.hpp"

#include <utility>

namespace speciesnet::cli {
namespace {

Observation observe(const ClassifiedDetection& entry) {
    const bool whole = entry.detection.category == Category::whole_image;
    auto label = entry.answer ? shown_label(entry) : label_of_category(entry.detection.category);
    const bool answered = entry.answer && entry.answer->label == label;
    Observation observation{.label = std::move(label),
                            .score = answered ? entry.answer->score : entry.detection.conf,
                            .bbox = whole ? std::nullopt : std::optional(entry.detection.bbox)};
    observation.kind = kind_of(observation.label);
    return observation;
}

}  // namespace

const char* observation_kind_name(ObservationKind kind) {
    switch (kind) {
        case ObservationKind::animal:
            return "animal";
        case ObservationKind::human:
            return "human";
        case ObservationKind::vehicle:
            return "vehicle";
        case ObservationKind::blank:
            return "blank";
        case ObservationKind::unknown:
            return "unknown";
        case ObservationKind::unclassified:
            break;
    }
    return "unclassified";
}

ObservationKind kind_of(const std::string& label) {
    if (label == labels::human) {
        return ObservationKind::human;
    }
    if (label == labels::vehicle) {
        return ObservationKind::vehicle;
    }
    if (label == labels::blank) {
        return ObservationKind::blank;
    }
    return label == labels::unknown ? ObservationKind::unknown : ObservationKind::animal;
}

std::vector<Observation> observations_of(const Prediction& prediction, double threshold) {
    if (prediction.failures.classifier || prediction.failures.detector || !prediction.detections) {
        return {{.kind = ObservationKind::unclassified, .label = {}}};
    }
    std::vector<Observation> observations;
    for (const auto& entry : *prediction.detections) {
        const bool whole = entry.detection.category == Category::whole_image;
        if (entry.detection.conf < threshold || (whole && !entry.answer)) {
            continue;
        }
        auto observation = observe(entry);
        if (observation.kind != ObservationKind::blank) {
            observations.push_back(std::move(observation));
        }
        if (whole) {
            break;
        }
    }
    if (observations.empty()) {
        observations.push_back({.kind = ObservationKind::blank, .label = {}});
    }
    return observations;
}

}  // namespace speciesnet::cli
