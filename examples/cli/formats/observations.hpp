// SPDX-License-Identifier: Apache-2.0
// Observations in a photo, for databases of observations.
#pragma once

#include "speciesnet/prediction.hpp"

#include <optional>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// The kinds of Camtrap DP's observationType.
enum class ObservationKind { animal, human, vehicle, blank, unknown, unclassified };

/// "animal", "human", …
const char* observation_kind_name(ObservationKind kind);

struct Observation {
    ObservationKind kind = ObservationKind::blank;
    std::string label;  ///< Seven parts; empty for blank and unclassified.
    double score = 1;
    std::optional<BoundingBox> bbox = std::nullopt;  ///< Nothing if it is of the whole image.
};

/// - A photo that failed is one unclassified observation.
/// - A classification of the whole image is one observation of its answer.
/// - Else each detection of sufficient confidence is one, by its answer, or by its category if it
///   has none; blank answers are none.
/// - Nothing of all this: blank.
/// @param threshold lowest confidence of a detection to count
std::vector<Observation> observations_of(const Prediction& prediction, double threshold);

/// The kind of thing a label names.
ObservationKind kind_of(const std::string& label);

}  // namespace speciesnet::cli
