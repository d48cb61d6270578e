// SPDX-License-Identifier: Apache-2.0
// Pairs classifications with detections, determines the answer of each pair, and selects the
// reported ones.
#include "rules/assemble.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace speciesnet {
namespace {

/// As Python's math.isclose with abs_tol=1e-4. Source: ensemble.py, _check_matching_detections.
bool is_close(double a, double b) {
    constexpr double relative = 1e-9;
    constexpr double absolute = 1e-4;
    return a == b ||
           std::abs(a - b) <= std::max(relative * std::max(std::abs(a), std::abs(b)), absolute);
}

bool match(const ClassifiedDetection& classified, const Detection& detection) {
    const auto& [xmin, ymin, width, height] = classified.detection.bbox;
    return classified.detection.category == detection.category &&
           is_close(xmin, detection.bbox.xmin) && is_close(ymin, detection.bbox.ymin) &&
           is_close(width, detection.bbox.width) && is_close(height, detection.bbox.height);
}

bool is_whole_image(const std::vector<ClassifiedDetection>& classified) {
    return !classified.empty() && classified.front().detection.category == Category::whole_image;
}

void append(std::vector<ClassifiedDetection>& entries, const std::vector<Detection>& detections) {
    for (const auto& detection : detections) {
        entries.push_back({.detection = detection});
    }
}

void decide(ClassifiedDetection& entry, const Detection& deciding, const Rules& rules,
            const Location& location, const CombineOptions& options) {
    auto& explanation = entry.explanation;
    if (options.explain) {
        explanation.emplace();
    }
    entry.answer = rules.combine(*entry.classification, deciding, location,
                                 explanation ? &*explanation : nullptr);
}

void keep_top(Classification& classification, std::optional<std::size_t> count) {
    if (count && *count < classification.classes.size()) {
        classification.classes.resize(*count);
        classification.scores.resize(*count);
    }
}

/// Returns the entries to report, with answers where both components have results.
std::optional<std::vector<ClassifiedDetection>> decided_entries(const Rules& rules,
                                                                const std::string& filepath,
                                                                const Location& location,
                                                                ComponentResults& results,
                                                                const CombineOptions& options) {
    const auto& detections = results.detections;
    std::vector<ClassifiedDetection> entries;
    if (results.classified && is_whole_image(*results.classified)) {
        entries.push_back(std::move(results.classified->front()));
        if (detections && entries.front().classification) {
            // Without a detection, the image counts as an animal with confidence 0.
            const Detection top =
                detections->empty() ? Detection{.category = Category::animal} : detections->front();
            decide(entries.front(), top, rules, location, options);
        }
        if (detections) {
            append(entries, *detections);
        }
        return entries;
    }
    if (!detections) {
        return std::nullopt;
    }
    if (!results.classified) {
        append(entries, *detections);
        return entries;
    }
    entries = std::move(*results.classified);
    if (!std::equal(entries.begin(), entries.end(), detections->begin(), detections->end(),
                    match)) {
        throw InvalidArgument("classifications for \"" + filepath +
                              "\" belong to other detections than the given ones; both must come "
                              "from the same detector run");
    }
    for (auto& entry : entries) {
        if (entry.classification) {
            decide(entry, entry.detection, rules, location, options);
        }
    }
    return entries;
}

}  // namespace

Prediction assemble(const Rules& rules, const std::string& filepath, const Location& location,
                    ComponentResults results, const CombineOptions& options) {
    Prediction prediction{.filepath = filepath,
                          .failures = {.classifier = !results.classified.has_value(),
                                       .detector = !results.detections.has_value()},
                          .failure_reason = {},
                          .location = location,
                          .detections = {},
                          .model_version = options.model_version};
    if (results.classified) {
        for (auto& entry : *results.classified) {
            entry.answer.reset();
            entry.explanation.reset();
        }
    }
    prediction.detections = decided_entries(rules, filepath, location, results, options);
    if (prediction.detections) {
        for (auto& entry : *prediction.detections) {
            if (entry.classification) {
                keep_top(*entry.classification, options.max_classifications_per_detection);
            }
        }
    }
    return prediction;
}

}  // namespace speciesnet
