// SPDX-License-Identifier: Apache-2.0
// Finds each image's earlier results and combines them.
#include "speciesnet/past_runs.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "rules/assemble.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace speciesnet {
namespace {

using Results = std::unordered_map<std::string_view, const Prediction*>;

Results by_file(std::span<const Prediction> predictions,
                const std::unordered_set<std::string_view>& files, const char* what) {
    Results results;
    for (const auto& prediction : predictions) {
        const std::string named = std::string(what) + " of \"" + prediction.filepath + '"';
        if (!files.contains(prediction.filepath)) {
            throw InvalidArgument(named + ": this file is not among the instances");
        }
        if (prediction.failures.any()) {
            continue;
        }
        if (!prediction.detections) {
            throw InvalidArgument(named + " have neither content nor failures");
        }
        results.insert_or_assign(prediction.filepath, &prediction);
    }
    return results;
}

const Prediction* find(const Results& results, std::string_view file) {
    const auto found = results.find(file);
    return found == results.end() ? nullptr : found->second;
}

/// Returns the results of the detector itself.
std::vector<Detection> detections_of(const Prediction& prediction) {
    std::vector<Detection> detections;
    for (const auto& entry : *prediction.detections) {
        if (entry.detection.category != Category::whole_image) {
            detections.push_back(entry.detection);
        }
    }
    return detections;
}

std::string failure_reason(const Failures& failures) {
    std::string reason;
    if (failures.classifier) {
        reason = "no classifications were given";
    }
    if (failures.detector) {
        reason += reason.empty() ? "no detections were given" : "; no detections were given";
    }
    return reason;
}

}  // namespace

std::vector<Prediction> combine_past_runs(const Rules& rules, std::span<const Instance> instances,
                                          std::span<const Prediction> classifications,
                                          std::span<const Prediction> detections,
                                          const CombineOptions& options) {
    std::unordered_set<std::string_view> files;
    for (const auto& instance : instances) {
        files.insert(instance.filepath);
    }
    const auto classified = by_file(classifications, files, "classifications");
    const auto detected = by_file(detections, files, "detections");

    const Geolocator geolocator;
    std::vector<Prediction> predictions;
    predictions.reserve(instances.size());
    for (const auto& instance : instances) {
        ComponentResults results;
        bool truncated = false;
        if (const auto* const found = find(detected, instance.filepath)) {
            results.detections = detections_of(*found);
            truncated = found->truncated;
        }
        if (const auto* const found = find(classified, instance.filepath)) {
            results.classified = *found->detections;
            truncated = truncated || found->truncated;
        }
        try {
            check_location(instance.location, options.geolocation);
            const auto location = geolocator.complete(
                instance.location, utf8_path(instance.filepath), options.geolocation);
            predictions.push_back(
                assemble(rules, instance.filepath, location, std::move(results), options));
        } catch (const InvalidArgument& error) {
            throw InvalidArgument("\"" + instance.filepath + "\": " + error.what(), error.code());
        }
        auto& prediction = predictions.back();
        prediction.failure_reason = failure_reason(prediction.failures);
        prediction.truncated = truncated;
    }
    return predictions;
}

}  // namespace speciesnet
