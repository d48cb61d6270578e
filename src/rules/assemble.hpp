// SPDX-License-Identifier: Apache-2.0
// Combines detections and classifications of an image to a prediction, for live and past runs.
#pragma once

#include "speciesnet/past_runs.hpp"

#include <optional>
#include <string>
#include <vector>

namespace speciesnet {

/// What the components say of one image. A component that failed says nothing.
struct ComponentResults {
    /// By descending confidence.
    std::optional<std::vector<Detection>> detections;
    /// Either one whole_image_detection() with its classification, or the same detections as above,
    /// of which some have a classification. Answers in it are ignored.
    std::optional<std::vector<ClassifiedDetection>> classified;
};

/// @param location as the rules shall see it and the result shows it
/// Source: ensemble.py, SpeciesNetEnsemble.combine.
/// @throws InvalidArgument if the classified detections are not the given ones; as Rules::combine()
Prediction assemble(const Rules& rules, const std::string& filepath, const Location& location,
                    ComponentResults results, const CombineOptions& options);

}  // namespace speciesnet
