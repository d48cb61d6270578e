// SPDX-License-Identifier: Apache-2.0
// Decisions about a photo, and their effect on its results.
#pragma once

#include "speciesnet/prediction.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// The source of answers that a person gave or confirmed.
inline constexpr std::string_view human_source = "human";

struct Review {
    enum class Kind : std::uint8_t {
        confirmed,  ///< The answers are right.
        labelled,   ///< The photo shows `label`.
    };

    Kind kind = Kind::confirmed;
    std::string label = {};  ///< Seven parts; empty for a confirmation.
    std::string by = {};     ///< Name of the person; not empty.
    std::chrono::sys_seconds at{};

    friend bool operator==(const Review&, const Review&) = default;
};

/// Returns results with a person's decision applied. Confirmed and replaced answers have the source
/// "human" and the score 1. In a blank photo, detections have a negative confidence, so that they
/// never count. A label that was not detected becomes an answer for the whole image. Boxes of
/// animals below `threshold` stay unchanged unless the decision concerns them.
Prediction reviewed(Prediction prediction, const Review& review, double threshold);

}  // namespace speciesnet::cli
