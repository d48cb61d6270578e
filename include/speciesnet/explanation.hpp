// SPDX-License-Identifier: Apache-2.0
// Explanations of answers: the rule that applied and the values that it compared.
#pragma once

#include "speciesnet/detection.hpp"
#include "speciesnet/geofence.hpp"
#include "speciesnet/taxonomy.hpp"

#include <string>
#include <vector>

namespace speciesnet {

/// Sum of scores of one ancestor in a rollup.
struct RollupSum {
    std::string label;  ///< The ancestor.
    double score = 0;   ///< Sum of the scores of its descendants among the top classes.
                        /// Why it was excluded although its sum was the largest; `none` otherwise.
    GeofenceRule blocked_by = GeofenceRule::none;
    /// The entry that blocks it: of the package's geofence, `class;order;family;genus;species`; of
    /// an overlay, its name, line and taxon. Empty if none.
    std::string blocked_by_entry = {};

    friend bool operator==(const RollupSum&, const RollupSum&) = default;
};

/// One level of a rollup.
struct RollupStep {
    TaxonomyLevel level = TaxonomyLevel::genus;
    double threshold = 0;         ///< The sum must be greater.
    std::vector<RollupSum> sums;  ///< In the order of the top classes.
    bool reached = false;         ///< Whether the answer is of this level.

    friend bool operator==(const RollupStep&, const RollupStep&) = default;
};

/// Explanation of an answer, see docs/reference/rules.md.
struct Explanation {
    /// The rule that applied, numbered as in the reference's comments: "1a" to "5b", or
    /// "otherwise".
    std::string rule;
    /// The rule in one sentence, with the values that it compared.
    std::string reason;
    Category detection_category = Category::animal;
    double detection_conf = 0;
    /// Classes that the rules used, best first; at most classes_for_ensemble. Predictions usually
    /// report fewer.
    std::vector<std::string> classes;
    std::vector<double> scores;  ///< Of the classes; as many.
                                 /// Why the top class is blocked at this place; `none` also if no
                                 /// rule checked the geofence.
    GeofenceRule top_class_blocked_by = GeofenceRule::none;
    /// The entry that blocks it, as RollupSum::blocked_by_entry; empty if none.
    std::string top_class_blocked_by_entry;
    /// The entry of an overlay that allows the top class although the package's geofence blocks it;
    /// empty if none. @since 0.1.0
    std::string top_class_allowed_by_entry = {};
    /// Levels tried, in order; empty if no rollup was needed.
    std::vector<RollupStep> rollup;

    friend bool operator==(const Explanation&, const Explanation&) = default;
};

}  // namespace speciesnet
