// SPDX-License-Identifier: Apache-2.0
// Known answers of the published weights for a few photos, to compare a model with.
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
    std::span<const KnownDetection> detections;  ///< The most confident ones, best first.
    BoundingBox crop;                            ///< The classifier's input.
    std::string_view first_class;                ///< The best class for that crop.
};

std::span<const KnownAnswers> known_answers();

/// Compares as the reference's test does: each known detection is found, with a box whose values
/// differ by at most 0.005, and the best class is the same. Confidences and other detections are
/// not compared.
/// @return the differences in words; empty if there are none
std::string differences(const KnownAnswers& known, std::span<const Detection> found,
                        const std::optional<Classification>& classification);

}  // namespace speciesnet::cli
