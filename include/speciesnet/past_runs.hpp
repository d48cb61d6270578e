// SPDX-License-Identifier: Apache-2.0
// Combines the results of earlier runs, without any network (the reference's "ensemble only").
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/geolocation.hpp"
#include "speciesnet/prediction.hpp"
#include "speciesnet/rules.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet {

/// Options for combining results.
struct CombineOptions {
    // <options cpp combine> by scripts/generate_options
    /// Number of classes to report for each detection; nothing for all. The rules always use five.
    /// Source: constants.py, DEFAULT_MAX_CLASSIFICATIONS_PER_DETECTION.
    std::optional<std::size_t> max_classifications_per_detection = 2;
    /// Whether to add an explanation to each answer.
    bool explain = false;
    /// How to complete the location of a photo.
    GeolocationOptions geolocation = {};
    /// Model version to store in the predictions.
    std::string model_version = {};
    // </options>
};

/// Combines the results of a detector run and a classifier run on the same images, as read by
/// predictions_from_json(). The rules combine a classification of a whole image with the
/// image's top detection, any other with the detection that was classified.
/// @param instances       images to report, with their places, in the order of the result
/// @param classifications of a classifier run; entries with failures count as absent; if an image
///                        has several entries, the last counts
/// @param detections      of a detector run; likewise
/// @return one prediction per instance; an absent result is a failure of that component
/// @throws InvalidArgument naming the file: for a result of an image that is not among the
/// instances, a result that has neither failures nor content, classifications of other detections
/// than the given ones (another category, or a box that differs by more than 1e-4), a malformed
/// place, and as Rules::combine()
SPECIESNET_EXPORT std::vector<Prediction> combine_past_runs(
    const Rules& rules, std::span<const Instance> instances,
    std::span<const Prediction> classifications, std::span<const Prediction> detections,
    const CombineOptions& options = {});

}  // namespace speciesnet
