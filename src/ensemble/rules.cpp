// The decision rules, in the reference's order and with its thresholds. Source of every number:
// ensemble_prediction_combiner.py, combine_predictions, and geofence_utils.py,
// geofence_animal_classification.
#include "speciesnet/rules.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace speciesnet {
namespace {

constexpr std::array rollup_levels{TaxonomyLevel::genus, TaxonomyLevel::family,
                                   TaxonomyLevel::order, TaxonomyLevel::class_,
                                   TaxonomyLevel::kingdom};
constexpr std::array geofence_rollup_levels{TaxonomyLevel::family, TaxonomyLevel::order,
                                            TaxonomyLevel::class_, TaxonomyLevel::kingdom};

/// A sum equal to the top score, but for rounding, is good enough for a geofence rollup.
constexpr double geofence_rollup_margin = 1e-10;

/// What the rules look at.
struct Evidence {
    Category category;
    double conf;
    std::string_view top_class;
    double top_score;

    bool top_is(std::string_view label) const { return top_class == label; }
};

/// A rule that settles the answer by itself.
struct Verdict {
    std::string_view rule;
    std::string_view label;
    bool from_detector;
    std::string_view reason;
};

/// Rules 1a to 3b.
std::optional<Verdict> settled(const Evidence& it) {
    const bool human_top = it.top_is(labels::human);
    if (it.category == Category::human) {
        if (it.conf > 0.7) {
            return Verdict{"1a", labels::human, true, "the detector is sure of a human (> 0.7)"};
        }
        if (it.conf > 0.2 && (human_top || it.top_is(labels::vehicle)) && it.top_score > 0.5) {
            return Verdict{"1b", labels::human, false,
                           "the detector suspects a human (> 0.2) and the classifier says human or "
                           "vehicle (> 0.5)"};
        }
    }
    if (it.category == Category::vehicle) {
        if (it.conf > 0.2 && human_top && it.top_score > 0.5) {
            return Verdict{
                "2a", labels::human, false,
                "the detector suspects a vehicle (> 0.2) but the classifier says human (> 0.5)"};
        }
        if (it.conf > 0.7) {
            return Verdict{"2b", labels::vehicle, true,
                           "the detector is sure of a vehicle (> 0.7)"};
        }
        if (it.conf > 0.2 && it.top_is(labels::vehicle) && it.top_score > 0.4) {
            return Verdict{
                "2c", labels::vehicle, false,
                "the detector suspects a vehicle (> 0.2) and the classifier says vehicle (> 0.4)"};
        }
    }
    if (it.top_is(labels::blank)) {
        if (it.conf < 0.2 && it.top_score > 0.5) {
            return Verdict{"3a", labels::blank, false,
                           "the detector is unsure (< 0.2) and the classifier says blank (> 0.5)"};
        }
        if (it.top_score > 0.99) {
            return Verdict{"3b", labels::blank, false,
                           "the classifier is sure of a blank (> 0.99)"};
        }
    }
    return std::nullopt;
}

/// Rules 4a and 4b: the classifier's animal stands, if the geofence lets it.
std::optional<Verdict> animal_stands(const Evidence& it) {
    if (it.top_is(labels::blank) || it.top_is(labels::human) || it.top_is(labels::vehicle)) {
        return std::nullopt;
    }
    if (it.top_score > 0.8) {
        return Verdict{"4a", it.top_class, false,
                       "the classifier is sure of its top class (> 0.8)"};
    }
    if (it.top_score > 0.65 && it.category == Category::animal && it.conf > 0.2) {
        return Verdict{"4b", it.top_class, false,
                       "the classifier is fairly sure of its top class (> 0.65) and the detector "
                       "sees an animal (> 0.2)"};
    }
    return std::nullopt;
}

void explain(Explanation* explanation, std::string_view rule, std::string_view reason) {
    if (explanation != nullptr) {
        explanation->rule = rule;
        explanation->reason = reason;
    }
}

}  // namespace

Rules::Rules(Taxonomy taxonomy, Geofence geofence, bool geofencing)
    : taxonomy_(std::move(taxonomy)), geofence_(std::move(geofence)), geofencing_(geofencing) {}

GeofenceRule Rules::blocked_by(std::string_view label, const Location& location) const {
    return geofencing_ ? geofence_.check(label, location) : GeofenceRule::none;
}

Answer Rules::apply_geofence(std::span<const std::string> classes, std::span<const double> scores,
                             const Location& location, Explanation* explanation) const {
    if (classes.empty() || scores.empty()) {
        throw InvalidArgument("a classification without classes cannot be geofenced");
    }
    const auto blocked = blocked_by(classes.front(), location);
    if (explanation != nullptr) {
        explanation->top_class_blocked_by = blocked;
    }
    if (blocked == GeofenceRule::none) {
        return {.label = classes.front(), .score = scores.front(), .source = "classifier"};
    }
    auto answer = roll_up(classes, scores, location, geofence_rollup_levels,
                          scores.front() - geofence_rollup_margin, explanation);
    if (!answer) {
        return {.label = std::string(labels::unknown),
                .score = scores.front(),
                .source = "classifier+geofence+rollup_failed"};
    }
    constexpr std::string_view prefix = "classifier+";
    answer->source.insert(prefix.size(), "geofence+");
    return *answer;
}

Answer Rules::combine(const Classification& classification, const Detection& detection,
                      const Location& location, Explanation* explanation) const {
    if (classification.classes.empty() ||
        classification.classes.size() != classification.scores.size()) {
        throw InvalidArgument("a classification needs classes and as many scores: there are " +
                              std::to_string(classification.classes.size()) + " and " +
                              std::to_string(classification.scores.size()));
    }
    const auto count = std::min(classification.classes.size(), classes_for_ensemble);
    const auto classes = std::span(classification.classes).first(count);
    const auto scores = std::span(classification.scores).first(count);
    const Evidence evidence{.category = detection.category,
                            .conf = detection.conf,
                            .top_class = classes.front(),
                            .top_score = scores.front()};
    if (explanation != nullptr) {
        *explanation = {.detection_category = evidence.category,
                        .detection_conf = evidence.conf,
                        .top_class = classes.front(),
                        .top_score = evidence.top_score};
    }
    if (const auto verdict = settled(evidence)) {
        explain(explanation, verdict->rule, verdict->reason);
        return {.label = std::string(verdict->label),
                .score = verdict->from_detector ? evidence.conf : evidence.top_score,
                .source = verdict->from_detector ? "detector" : "classifier"};
    }
    if (const auto verdict = animal_stands(evidence)) {
        explain(explanation, verdict->rule, verdict->reason);
        return apply_geofence(classes, scores, location, explanation);
    }
    // Rule 5a.
    if (auto answer = roll_up(classes, scores, location, rollup_levels, 0.65, explanation)) {
        explain(explanation, "5a",
                "no class is likely enough alone, but an ancestor of several is (sum > 0.65)");
        return *answer;
    }
    if (evidence.category == Category::animal && evidence.conf > 0.5) {
        explain(explanation, "5b",
                "the classifier is unsure, but the detector sees an animal (> 0.5)");
        return {.label = std::string(labels::animal), .score = evidence.conf, .source = "detector"};
    }
    explain(explanation, "otherwise",
            "neither the classifier nor the detector is sure of anything");
    return {
        .label = std::string(labels::unknown), .score = evidence.top_score, .source = "classifier"};
}

}  // namespace speciesnet
