// SPDX-License-Identifier: Apache-2.0
// The explanation of an answer: the rule that applied and the values that it compared.
#pragma once

#include "speciesnet/detection.hpp"
#include "speciesnet/geofence.hpp"
#include "speciesnet/taxonomy.hpp"

#include <string>
#include <vector>

namespace speciesnet {

/// The sum of scores that one ancestor got in a rollup.
struct RollupSum {
    std::string label;  ///< The ancestor.
    double score = 0;   ///< Sum of the scores of its descendants among the top classes.
    /// Why it could not be the answer although its sum was the largest so far; `none` otherwise.
    GeofenceRule blocked_by = GeofenceRule::none;
    /// The entry that says so: of the package's geofence, `class;order;family;genus;species`; of an
    /// overlay, its name, line and taxon. Empty if none.
    std::string blocked_by_entry = {};

    friend bool operator==(const RollupSum&, const RollupSum&) = default;
};

/// One level of a rollup that was tried.
struct RollupStep {
    TaxonomyLevel level = TaxonomyLevel::genus;
    double threshold = 0;         ///< The winner's sum must be greater than this.
    std::vector<RollupSum> sums;  ///< In the order in which the top classes have these ancestors.
    bool reached = false;         ///< Whether this level gave the answer.

    friend bool operator==(const RollupStep&, const RollupStep&) = default;
};

/// Why an answer is what it is. docs/reference/rules.md puts it in words for those who look at
/// photos.
struct Explanation {
    /// The rule that fired, numbered as in the reference's comments: "1a" to "5b", or "otherwise".
    std::string rule;
    /// The rule in one sentence, with the values that it compared.
    std::string reason;
    Category detection_category = Category::animal;
    double detection_conf = 0;
    /// The classes that the rules looked at, best first; at most classes_for_ensemble. They are
    /// here because predictions usually report fewer.
    std::vector<std::string> classes;
    std::vector<double> scores;  ///< Of the classes; as many.
    /// Why the top class is no answer at this place. `none` also where no rule asked the geofence
    /// about it.
    GeofenceRule top_class_blocked_by = GeofenceRule::none;
    /// The entry that says so, as RollupSum::blocked_by_entry; empty if none.
    std::string top_class_blocked_by_entry;
    /// The entry of an overlay that allows the top class, where the package's geofence blocks it;
    /// empty if none. @since 0.1.0
    std::string top_class_allowed_by_entry = {};
    /// Levels tried, in order; empty if no rollup was needed.
    std::vector<RollupStep> rollup;

    friend bool operator==(const Explanation&, const Explanation&) = default;
};

}  // namespace speciesnet
