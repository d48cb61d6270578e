// SPDX-License-Identifier: Apache-2.0
// The reference's decision rules as a table. No other file contains their thresholds.
// Source: ensemble_prediction_combiner.py, combine_predictions.
#pragma once

#include "speciesnet/detection.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace speciesnet {

/// What the best class of a classification must be.
enum class TopClass : std::int32_t {
    any,
    human,
    human_or_vehicle,
    vehicle,
    blank,
    animal,  ///< Neither blank nor human nor vehicle.
};

/// The result of a rule.
enum class Outcome : std::int32_t {
    human,
    vehicle,
    blank,
    animal,
    unknown,
    geofence,  ///< The top class, or its replacement if the geofence blocks it.
    rollup,  ///< An ancestor with a sufficient sum of scores; without one the rule does not apply.
};

/// The component whose confidence or score becomes the score of the answer; also its source.
enum class Winner : std::int32_t { detector, classifier };

/// Applies if all conditions that are set hold; all comparisons are strict.
struct DecisionRule {
    std::string_view number;  ///< As in the reference's comments.
    std::optional<Category> detected;
    std::optional<double> conf_above;
    std::optional<double> conf_below;
    TopClass top_class = TopClass::any;
    std::optional<double> score_above;
    Outcome outcome = Outcome::unknown;
    Winner winner = Winner::classifier;
};

/// The best sum of a rollup by rule 5a must exceed this.
inline constexpr double rollup_threshold = 0.65;

/// The confidence of a detected animal must exceed this for rule 5b.
inline constexpr double animal_threshold = 0.5;

/// The first rule that applies decides.
inline constexpr std::array decision_table{
    DecisionRule{.number = "1a",
                 .detected = Category::human,
                 .conf_above = 0.7,
                 .outcome = Outcome::human,
                 .winner = Winner::detector},
    DecisionRule{.number = "1b",
                 .detected = Category::human,
                 .conf_above = 0.2,
                 .top_class = TopClass::human_or_vehicle,
                 .score_above = 0.5,
                 .outcome = Outcome::human},
    DecisionRule{.number = "2a",
                 .detected = Category::vehicle,
                 .conf_above = 0.2,
                 .top_class = TopClass::human,
                 .score_above = 0.5,
                 .outcome = Outcome::human},
    DecisionRule{.number = "2b",
                 .detected = Category::vehicle,
                 .conf_above = 0.7,
                 .outcome = Outcome::vehicle,
                 .winner = Winner::detector},
    DecisionRule{.number = "2c",
                 .detected = Category::vehicle,
                 .conf_above = 0.2,
                 .top_class = TopClass::vehicle,
                 .score_above = 0.4,
                 .outcome = Outcome::vehicle},
    DecisionRule{.number = "3a",
                 .conf_below = 0.2,
                 .top_class = TopClass::blank,
                 .score_above = 0.5,
                 .outcome = Outcome::blank},
    DecisionRule{.number = "3b",
                 .top_class = TopClass::blank,
                 .score_above = 0.99,
                 .outcome = Outcome::blank},
    DecisionRule{.number = "4a",
                 .top_class = TopClass::animal,
                 .score_above = 0.8,
                 .outcome = Outcome::geofence},
    DecisionRule{.number = "4b",
                 .detected = Category::animal,
                 .conf_above = 0.2,
                 .top_class = TopClass::animal,
                 .score_above = 0.65,
                 .outcome = Outcome::geofence},
    DecisionRule{.number = "5a", .outcome = Outcome::rollup},
    DecisionRule{.number = "5b",
                 .detected = Category::animal,
                 .conf_above = animal_threshold,
                 .outcome = Outcome::animal,
                 .winner = Winner::detector},
    DecisionRule{.number = "otherwise", .outcome = Outcome::unknown},
};

}  // namespace speciesnet
