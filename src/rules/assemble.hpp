// SPDX-License-Identifier: Apache-2.0
// Combines detections and classifications of an image into a prediction, for live and past runs.
#pragma once

#include "speciesnet/past_runs.hpp"

#include <optional>
#include <string>
#include <vector>

namespace speciesnet {

/// The results of the components for one image; nothing for a component that failed.
struct ComponentResults {
    /// In descending order of confidence.
    std::optional<std::vector<Detection>> detections;
    /// Either one whole_image_detection() with its classification, or the detections above, some of
    /// which have a classification. Answers in it are ignored.
    std::optional<std::vector<ClassifiedDetection>> classified;
};

/// @param location as passed to the rules and shown in the result
/// Source: ensemble.py, SpeciesNetEnsemble.combine.
/// @throws InvalidArgument if the classified detections differ from `detections`; as
/// Rules::combine()
Prediction assemble(const Rules& rules, const std::string& filepath, const Location& location,
                    ComponentResults results, const CombineOptions& options);

}  // namespace speciesnet
