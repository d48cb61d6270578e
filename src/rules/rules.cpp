// SPDX-License-Identifier: Apache-2.0
// Applies the first rule of the table whose conditions hold.
#include "speciesnet/rules.hpp"

#include "speciesnet/error.hpp"

#include "rules/decision_conditions.hpp"
#include "rules/decision_table.hpp"
#include "rules/reason.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {
namespace {

/// Source: ensemble_prediction_combiner.py, target_taxonomy_levels.
constexpr std::array rollup_levels{TaxonomyLevel::genus, TaxonomyLevel::family,
                                   TaxonomyLevel::order, TaxonomyLevel::class_,
                                   TaxonomyLevel::kingdom};

bool holds(const DecisionRule& rule, const Detection& detection, std::string_view top_class,
           double top_score) {
    return detection_fits(rule, detection.category, detection.conf) &&
           is(rule.top_class, top_class) && (!rule.score_above || top_score > *rule.score_above);
}

/// Returns the label of an outcome that is always the same.
std::string_view label_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::human:
            return labels::human;
        case Outcome::vehicle:
            return labels::vehicle;
        case Outcome::blank:
            return labels::blank;
        case Outcome::animal:
            return labels::animal;
        default:
            return labels::unknown;
    }
}

}  // namespace

Rules::Rules(Taxonomy taxonomy, Geofence geofence, bool geofencing)
    : taxonomy_(std::move(taxonomy)), geofence_(std::move(geofence)), geofencing_(geofencing) {}

Rules Rules::with(const GeofenceOverlay& overlay) const {
    auto rules = *this;
    rules.overlay_ = overlay_.with(overlay);
    return rules;
}

Answer Rules::combine(const Classification& classification, const Detection& detection,
                      const Location& location, Explanation* explanation) const {
    if (classification.classes.empty() ||
        classification.classes.size() != classification.scores.size()) {
        throw InvalidArgument("a classification of " +
                              std::to_string(classification.classes.size()) + " classes and " +
                              std::to_string(classification.scores.size()) + " scores");
    }
    const auto count = std::min(classification.classes.size(), classes_for_ensemble);
    const auto classes = std::span(classification.classes).first(count);
    const auto scores = std::span(classification.scores).first(count);
    if (explanation != nullptr) {
        *explanation = {.rule = {},
                        .reason = {},
                        .detection_category = detection.category,
                        .detection_conf = detection.conf,
                        .classes = {classes.begin(), classes.end()},
                        .scores = {scores.begin(), scores.end()},
                        .top_class_blocked_by_entry = {},
                        .top_class_allowed_by_entry = {},
                        .rollup = {}};
    }

    const auto outcome = [&](const DecisionRule& rule) -> std::optional<Answer> {
        switch (rule.outcome) {
            case Outcome::geofence:
                return apply_geofence(classes, scores, location, explanation);
            case Outcome::rollup:
                return roll_up(classes, scores, location, rollup_levels, rollup_threshold,
                               explanation);
            default:
                break;
        }
        const bool detector_wins = rule.winner == Winner::detector;
        return Answer{.label = std::string(label_of(rule.outcome)),
                      .score = detector_wins ? detection.conf : scores.front(),
                      .source = detector_wins ? "detector" : "classifier"};
    };
    for (const auto& rule : decision_table) {
        if (!holds(rule, detection, classes.front(), scores.front())) {
            continue;
        }
        if (const auto answer = outcome(rule)) {
            if (explanation != nullptr) {
                explanation->rule = rule.number;
                explanation->reason = reason(rule, *explanation, *answer);
            }
            return *answer;
        }
    }
    throw Error(ErrorCode::internal, "the last rule always holds");
}

}  // namespace speciesnet
