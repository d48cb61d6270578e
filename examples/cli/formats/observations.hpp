// SPDX-License-Identifier: Apache-2.0
// Converts results to observations, for databases.
#pragma once

#include "speciesnet/prediction.hpp"

#include <optional>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// The values of Camtrap DP's observationType.
enum class ObservationKind { animal, human, vehicle, blank, unknown, unclassified };

/// Returns "animal", "human", …
const char* observation_kind_name(ObservationKind kind);

struct Observation {
    ObservationKind kind = ObservationKind::blank;
    std::string label;  ///< Seven parts; empty for blank and unclassified.
    double score = 1;
    std::optional<BoundingBox> bbox = std::nullopt;  ///< Nothing for the whole image.
};

/// Converts the result of a photo:
/// - A failed photo is one unclassified observation.
/// - A classification of the whole image is one observation of its answer.
/// - Otherwise each detection of sufficient confidence is one observation of its answer, or of its
///   category if it has none; blank answers are skipped.
/// - If there are none, the photo is blank.
/// @param threshold minimum confidence of a detection
std::vector<Observation> observations_of(const Prediction& prediction, double threshold);

/// Returns the kind that a label belongs to.
ObservationKind kind_of(const std::string& label);

}  // namespace speciesnet::cli
