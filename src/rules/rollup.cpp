// SPDX-License-Identifier: Apache-2.0
// Replaces a class that is not allowed, or too uncertain, by an ancestor.
#include "speciesnet/error.hpp"
#include "speciesnet/rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace speciesnet {
namespace {

/// Source: geofence_utils.py, geofence_animal_classification.
constexpr std::array geofence_levels{TaxonomyLevel::family, TaxonomyLevel::order,
                                     TaxonomyLevel::class_, TaxonomyLevel::kingdom};
/// How far a sum may stay below the top score and still pass. Source: the same function.
constexpr double geofence_tolerance = 1e-10;

struct Sum {
    std::string_view ancestor;
    double score;
};

void check_lengths(std::span<const std::string> classes, std::span<const double> scores) {
    if (classes.size() != scores.size()) {
        throw InvalidArgument(std::to_string(classes.size()) + " classes with " +
                              std::to_string(scores.size()) + " scores");
    }
}

/// Returns the sums in the order in which ancestors first appear; each adds scores in class order.
std::vector<Sum> sum_by_ancestor(const Taxonomy& taxonomy, std::span<const std::string> classes,
                                 std::span<const double> scores, TaxonomyLevel level) {
    std::vector<Sum> sums;
    for (std::size_t index = 0; index < classes.size(); ++index) {
        const auto ancestor = taxonomy.ancestor_at(classes[index], level);
        if (!ancestor) {
            continue;
        }
        const auto known = std::find_if(sums.begin(), sums.end(),
                                        [&](const Sum& sum) { return sum.ancestor == *ancestor; });
        if (known == sums.end()) {
            sums.push_back({*ancestor, scores[index]});
        } else {
            known->score += scores[index];
        }
    }
    return sums;
}

RollupStep describe(TaxonomyLevel level, double threshold, const std::vector<Sum>& sums) {
    RollupStep step{.level = level, .threshold = threshold, .sums = {}};
    for (const auto& [ancestor, score] : sums) {
        step.sums.push_back({.label = std::string(ancestor), .score = score});
    }
    return step;
}

}  // namespace

GeofenceRule Rules::blocked_by_package(std::string_view label, const Location& location) const {
    return geofencing_ ? geofence_.check(label, location) : GeofenceRule::none;
}

GeofenceVerdict Rules::check(std::string_view label, const Location& location) const {
    const auto blocked_by_package = this->blocked_by_package(label, location);
    auto [kind, entry] = overlay_.check(label, location);
    switch (kind) {
        case OverlayVerdict::Kind::allowed:
            return {.allowed_by_entry = blocked_by_package == GeofenceRule::none
                                            ? std::string()
                                            : std::move(entry)};
        case OverlayVerdict::Kind::blocked:
            return {.blocked_by = GeofenceRule::overlay_blocked,
                    .blocked_by_entry = std::move(entry)};
        case OverlayVerdict::Kind::not_listed:
            return {.blocked_by = GeofenceRule::not_in_species_list,
                    .blocked_by_entry = std::move(entry)};
        case OverlayVerdict::Kind::silent:
            break;
    }
    if (blocked_by_package == GeofenceRule::none) {
        return {};
    }
    return {.blocked_by = blocked_by_package,
            .blocked_by_entry = std::string(full_class_string(label))};
}

std::optional<Answer> Rules::roll_up(std::span<const std::string> classes,
                                     std::span<const double> scores, const Location& location,
                                     std::span<const TaxonomyLevel> levels, double threshold,
                                     Explanation* explanation) const {
    check_lengths(classes, scores);
    for (const auto level : levels) {
        const auto sums = sum_by_ancestor(taxonomy_, classes, scores, level);
        RollupStep* const step =
            explanation == nullptr
                ? nullptr
                : &explanation->rollup.emplace_back(describe(level, threshold, sums));
        const Sum none{.ancestor = {}, .score = 0};
        const Sum* best = &none;
        for (std::size_t index = 0; index < sums.size(); ++index) {
            if (!(sums[index].score > best->score)) {
                continue;
            }
            auto verdict = check(sums[index].ancestor, location);
            if (verdict.blocked_by == GeofenceRule::none) {
                best = &sums[index];
            } else if (step != nullptr) {
                step->sums[index].blocked_by = verdict.blocked_by;
                step->sums[index].blocked_by_entry = std::move(verdict.blocked_by_entry);
            }
        }
        if (best->score > threshold && best != &none) {
            if (step != nullptr) {
                step->reached = true;
            }
            return Answer{
                .label = std::string(best->ancestor),
                .score = best->score,
                .source = "classifier+rollup_to_" + std::string(taxonomy_level_name(level))};
        }
    }
    return std::nullopt;
}

Answer Rules::apply_geofence(std::span<const std::string> classes, std::span<const double> scores,
                             const Location& location, Explanation* explanation) const {
    check_lengths(classes, scores);
    if (classes.empty()) {
        throw InvalidArgument("a classification without classes");
    }
    auto verdict = check(classes.front(), location);
    const bool blocked = verdict.blocked_by != GeofenceRule::none;
    if (explanation != nullptr) {
        explanation->top_class_blocked_by = verdict.blocked_by;
        explanation->top_class_blocked_by_entry = std::move(verdict.blocked_by_entry);
        explanation->top_class_allowed_by_entry = std::move(verdict.allowed_by_entry);
    }
    if (!blocked) {
        return {.label = classes.front(), .score = scores.front(), .source = "classifier"};
    }
    auto answer = roll_up(classes, scores, location, geofence_levels,
                          scores.front() - geofence_tolerance, explanation);
    if (!answer) {
        return {.label = std::string(labels::unknown),
                .score = scores.front(),
                .source = "classifier+geofence+rollup_failed"};
    }
    answer->source.insert(std::string_view("classifier").size(), "+geofence");
    return *answer;
}

}  // namespace speciesnet
