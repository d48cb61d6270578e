// SPDX-License-Identifier: Apache-2.0
// Builds sentences from the decision table, so that they always match the decision.
#include "rules/reason.hpp"

#include "speciesnet/taxonomy.hpp"

#include "rules/decision_conditions.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace speciesnet {
namespace {

/// Maximum number of digits after the point in a sentence, unless they hide a difference.
constexpr int decimals = 4;

std::string comparison(double value, std::string_view sign, double threshold) {
    const double short_value = rounded(value, decimals);
    return number_text(short_value == threshold ? value : short_value) + ' ' + std::string(sign) +
           ' ' + number_text(threshold);
}

/// Returns the last part of a label that is not empty.
std::string name_of(std::string_view label) {
    while (label.ends_with(';')) {
        label.remove_suffix(1);
    }
    return '"' + std::string(label.substr(label.rfind(';') + 1)) + '"';
}

std::string detection_clause(const DecisionRule& rule, const Explanation& explanation) {
    std::string clause = rule.detected
                             ? "the detector sees " + std::string(category_label(*rule.detected)) +
                                   " with confidence "
                             : "the detector's confidence is ";
    return clause + (rule.conf_above
                         ? comparison(explanation.detection_conf, ">", *rule.conf_above)
                         : comparison(explanation.detection_conf, "<", *rule.conf_below));
}

std::string top_class(const Explanation& explanation) {
    return "the top class is " + name_of(explanation.classes.front()) + " with score ";
}

std::string class_clause(const DecisionRule& rule, const Explanation& explanation) {
    return top_class(explanation) + comparison(explanation.scores.front(), ">", *rule.score_above);
}

/// Describes what the detector sees.
std::string seen(const Explanation& explanation) {
    // A confidence of 0 represents an image without detections.
    if (explanation.detection_conf == 0) {
        return "the detector sees nothing";
    }
    return "the detector sees " + std::string(category_label(explanation.detection_category)) +
           " with confidence " + number_text(rounded(explanation.detection_conf, decimals));
}

/// Returns the lowest score with which the top class would suffice beside this detection.
std::optional<double> sufficient_score(const Explanation& explanation) {
    std::optional<double> lowest;
    for (const auto& rule : decision_table) {
        if (rule.score_above && is(rule.top_class, explanation.classes.front()) &&
            detection_fits(rule, explanation.detection_category, explanation.detection_conf)) {
            lowest = std::min(lowest.value_or(*rule.score_above), *rule.score_above);
        }
    }
    return lowest;
}

/// Describes why the top class alone is insufficient.
std::string insufficient_class_clause(const Explanation& explanation) {
    const double score = explanation.scores.front();
    if (const auto enough = sufficient_score(explanation)) {
        return top_class(explanation) + comparison(score, "<=", *enough);
    }
    return top_class(explanation) + number_text(rounded(score, decimals)) +
           ", which has no effect where " + seen(explanation);
}

/// Describes a group and its sum, as "family "cat family" with sum ".
std::string group(TaxonomyLevel level, std::string_view label) {
    return std::string(taxonomy_level_name(level)) + ' ' + name_of(label) + " with sum ";
}

/// Describes the geofence's objection.
std::string objection(GeofenceRule rule, std::string_view entry) {
    return " (" + std::string(geofence_rule_name(rule)) + " by \"" + std::string(entry) + "\")";
}

/// Describes the level that gave the answer.
std::string rollup_clause(const Explanation& explanation, const Answer& answer) {
    return "rolled up to " + group(explanation.rollup.back().level, answer.label);
}

/// Returns the groups that would be the answer without the geofence, except the top class itself.
std::vector<std::string> blocked_groups(const Explanation& explanation) {
    std::vector<std::string> groups;
    const auto is_told = [&](const RollupSum& sum) {
        return explanation.top_class_blocked_by != GeofenceRule::none &&
               full_class_string(sum.label) == full_class_string(explanation.classes.front());
    };
    for (const auto& step : explanation.rollup) {
        for (const auto& sum : step.sums) {
            if (sum.blocked_by != GeofenceRule::none && sum.score > step.threshold &&
                !is_told(sum)) {
                groups.push_back(group(step.level, sum.label) +
                                 number_text(rounded(sum.score, decimals)) +
                                 objection(sum.blocked_by, sum.blocked_by_entry));
            }
        }
    }
    return groups;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (const auto& part : parts) {
        text += (text.empty() ? "" : std::string(separator)) + part;
    }
    return text;
}

std::string geofence_clause(const Explanation& explanation, const Answer& answer) {
    if (explanation.top_class_blocked_by == GeofenceRule::none) {
        return explanation.top_class_allowed_by_entry.empty()
                   ? "the geofence allows it"
                   : "the geofence would block it, but is overridden by \"" +
                         explanation.top_class_allowed_by_entry + '"';
    }
    auto blocked = blocked_groups(explanation);
    blocked.insert(blocked.begin(), "it" + objection(explanation.top_class_blocked_by,
                                                     explanation.top_class_blocked_by_entry));
    const auto clause = "the geofence blocks " + joined(blocked, ", ");
    if (explanation.rollup.empty() || !explanation.rollup.back().reached) {
        return clause + ", and no ancestor can replace it";
    }
    return clause + ", so it is " + rollup_clause(explanation, answer) +
           number_text(rounded(answer.score, decimals)) + ", not below the score of the top class";
}

/// Describes the failed rollup of rule 5a, for the rules after it.
std::string failed_rollup_clause(const Explanation& explanation) {
    const RollupStep* level = nullptr;
    const RollupSum* best = nullptr;
    for (const auto& step : explanation.rollup) {
        for (const auto& sum : step.sums) {
            if (sum.blocked_by == GeofenceRule::none &&
                sum.score > (best == nullptr ? 0 : best->score)) {
                level = &step;
                best = &sum;
            }
        }
    }
    return best == nullptr ? "there is nothing to roll up to"
                           : "the best group is " + group(level->level, best->label) +
                                 comparison(best->score, "<=", rollup_threshold);
}

/// Describes what failed before a rule that comes after those of the top class.
void add_what_failed(std::vector<std::string>& clauses, const DecisionRule& rule,
                     const Explanation& explanation) {
    clauses.push_back(insufficient_class_clause(explanation));
    if (const auto blocked = blocked_groups(explanation); !blocked.empty()) {
        clauses.push_back("the geofence blocks " + joined(blocked, ", "));
    }
    if (rule.outcome != Outcome::rollup) {
        clauses.push_back(failed_rollup_clause(explanation));
    }
}

}  // namespace

std::string reason(const DecisionRule& rule, const Explanation& explanation, const Answer& answer) {
    std::vector<std::string> clauses;
    if (rule.outcome == Outcome::rollup || rule.outcome == Outcome::animal ||
        rule.outcome == Outcome::unknown) {
        add_what_failed(clauses, rule, explanation);
    }
    if (rule.conf_above || rule.conf_below) {
        clauses.push_back(detection_clause(rule, explanation));
    }
    if (rule.score_above) {
        clauses.push_back(class_clause(rule, explanation));
    }
    if (rule.outcome == Outcome::geofence) {
        clauses.push_back(geofence_clause(explanation, answer));
    }
    if (rule.outcome == Outcome::rollup) {
        clauses.push_back(rollup_clause(explanation, answer) +
                          comparison(answer.score, ">", rollup_threshold));
    }
    if (rule.outcome == Outcome::unknown) {
        clauses.push_back("no animal above " + number_text(animal_threshold) + ": " +
                          seen(explanation));
    }
    return joined(clauses, "; ");
}

}  // namespace speciesnet
