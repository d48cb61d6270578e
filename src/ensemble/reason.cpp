// Sentences are put together from the same table that decides, so that they cannot tell another
// story.
#include "ensemble/reason.hpp"

#include "speciesnet/taxonomy.hpp"

#include "text/number.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace speciesnet {
namespace {

/// Digits after the point that are enough for people, unless they hide a difference.
constexpr int decimals = 4;

std::string comparison(double value, std::string_view sign, double threshold) {
    const double short_value = rounded(value, decimals);
    return number_text(short_value == threshold ? value : short_value) + ' ' + std::string(sign) +
           ' ' + number_text(threshold);
}

/// The last part of a label that says anything.
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

std::string class_clause(const DecisionRule& rule, const Explanation& explanation) {
    return "the top class is " + name_of(explanation.top_class) + " with score " +
           comparison(explanation.top_score, ">", *rule.score_above);
}

/// The level that gave the answer and its sum.
std::string rollup_clause(const Explanation& explanation, const Answer& answer) {
    const auto& step = explanation.rollup.back();
    return "rolled up to " + std::string(taxonomy_level_name(step.level)) + ' ' +
           name_of(answer.label) + " with sum " + comparison(answer.score, ">", step.threshold);
}

std::string geofence_clause(const Explanation& explanation, const Answer& answer) {
    if (explanation.top_class_blocked_by == GeofenceRule::none) {
        return "the geofence does not object";
    }
    const std::string blocked = "the geofence blocks it (" +
                                std::string(geofence_rule_name(explanation.top_class_blocked_by)) +
                                " by \"" + std::string(full_class_string(explanation.top_class)) +
                                "\")";
    if (explanation.rollup.empty() || !explanation.rollup.back().reached) {
        return blocked + ", and no ancestor can take its place";
    }
    return blocked + ", so it is " + rollup_clause(explanation, answer);
}

/// What the rollup of rule 5a came to, for the rules after it.
std::string failed_rollup_clause(const Explanation& explanation) {
    double best = 0;
    for (const auto& step : explanation.rollup) {
        for (const auto& sum : step.sums) {
            if (sum.blocked_by == GeofenceRule::none) {
                best = std::max(best, sum.score);
            }
        }
    }
    return best > 0 ? "no rollup is sure enough (best sum " +
                          comparison(best, "<=", rollup_threshold) + ")"
                    : "there is nothing to roll up to";
}

}  // namespace

std::string reason(const DecisionRule& rule, const Explanation& explanation, const Answer& answer) {
    std::vector<std::string> clauses;
    if (rule.outcome == Outcome::rollup) {
        clauses.emplace_back("no earlier rule holds");
    }
    if (rule.outcome == Outcome::animal || rule.outcome == Outcome::unknown) {
        clauses.push_back(failed_rollup_clause(explanation));
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
        clauses.push_back(rollup_clause(explanation, answer));
    }
    if (rule.outcome == Outcome::unknown) {
        clauses.emplace_back("no rule holds");
    }
    std::string sentence;
    for (const auto& clause : clauses) {
        sentence += (sentence.empty() ? "" : "; ") + clause;
    }
    return sentence;
}

}  // namespace speciesnet
