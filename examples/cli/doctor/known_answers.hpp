// SPDX-License-Identifier: Apache-2.0
// Known answers of the published weights for a few photos, and the comparison of a model with them.
#pragma once

#include "speciesnet/detection.hpp"
#include "speciesnet/prediction.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace speciesnet::cli {

struct KnownDetection {
    Category category;
    BoundingBox box;
};

/// The reference's test of one photo.
struct KnownAnswers {
    std::string_view photo;                      ///< File name.
    std::span<const KnownDetection> detections;  ///< The confident ones, best first.
    BoundingBox crop;                            ///< What the classifier was given.
    std::string_view first_class;                ///< Label of the best class of that crop.
};

std::span<const KnownAnswers> known_answers();

/// Compares as the reference's test does: each known detection was found, with a box within 0.005
/// in every number, and the best class is the same. Confidences and further detections are not
/// compared there either.
/// @return what differs, in words; empty if nothing does
std::string differences(const KnownAnswers& known, std::span<const Detection> found,
                        const std::optional<Classification>& classification);

}  // namespace speciesnet::cli
