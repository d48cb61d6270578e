// Rolling classes up to a common ancestor. Sums run in label order and the first of equal sums
// wins: both show in answers.
#include "speciesnet/error.hpp"
#include "speciesnet/rules.hpp"

#include <algorithm>

namespace speciesnet {
namespace {

/// Adds each class's score to its ancestor's sum; ancestors in the order of their first class.
std::vector<RollupSum> sum_by_ancestor(const Taxonomy& taxonomy,
                                       std::span<const std::string> classes,
                                       std::span<const double> scores, TaxonomyLevel level) {
    std::vector<RollupSum> sums;
    for (std::size_t index = 0; index < classes.size(); ++index) {
        const auto ancestor = taxonomy.ancestor_at(classes[index], level);
        if (!ancestor) {
            continue;
        }
        const auto known = std::find_if(
            sums.begin(), sums.end(), [&](const RollupSum& sum) { return sum.label == *ancestor; });
        if (known == sums.end()) {
            sums.push_back({.label = std::string(*ancestor), .score = scores[index]});
        } else {
            known->score += scores[index];
        }
    }
    return sums;
}

}  // namespace

std::optional<Answer> Rules::roll_up(std::span<const std::string> classes,
                                     std::span<const double> scores, const Location& location,
                                     std::span<const TaxonomyLevel> levels, double threshold,
                                     Explanation* explanation) const {
    if (classes.size() != scores.size()) {
        throw InvalidArgument("there are " + std::to_string(classes.size()) + " classes but " +
                              std::to_string(scores.size()) + " scores");
    }
    for (const auto level : levels) {
        RollupStep step{.level = level,
                        .threshold = threshold,
                        .sums = sum_by_ancestor(taxonomy_, classes, scores, level)};
        const RollupSum* best = nullptr;
        for (auto& sum : step.sums) {
            if (sum.score > (best != nullptr ? best->score : 0.0)) {
                sum.blocked_by = blocked_by(sum.label, location);
                if (sum.blocked_by == GeofenceRule::none) {
                    best = &sum;
                }
            }
        }
        step.reached = best != nullptr && best->score > threshold;
        std::optional<Answer> answer;
        if (step.reached) {
            answer =
                Answer{.label = best->label,
                       .score = best->score,
                       .source = "classifier+rollup_to_" + std::string(taxonomy_level_name(level))};
        }
        if (explanation != nullptr) {
            explanation->rollup.push_back(std::move(step));
        }
        if (answer) {
            return answer;
        }
    }
    return std::nullopt;
}

}  // namespace speciesnet
