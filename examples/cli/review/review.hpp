// SPDX-License-Identifier: Apache-2.0
// Decisions about a photo, and their effect on its results.
#pragma once

#include "speciesnet/prediction.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Source of answers that a person has given or confirmed.
inline constexpr std::string_view human_source = "human";

struct Review {
    enum class Kind : std::uint8_t {
        confirmed,  ///< The answers are right.
        labelled,   ///< The photo shows what `label` says.
    };

    Kind kind = Kind::confirmed;
    std::string label = {};  ///< Seven parts; empty for a confirmation.
    std::string by = {};     ///< Who has decided; not empty.
    std::chrono::sys_seconds at{};

    friend bool operator==(const Review&, const Review&) = default;
};

/// Results as a person has decided them. Confirmed answers, and those that are replaced, have the
/// source "human" and the score 1. In a photo that is blank, detections have their confidence with
/// a minus sign, so that they count nowhere; what was not detected is answered for the whole
/// image. Without a decision about the detections, the boxes of animals below `threshold` stay as
/// they are.
Prediction reviewed(Prediction prediction, const Review& review, double threshold);

}  // namespace speciesnet::cli
