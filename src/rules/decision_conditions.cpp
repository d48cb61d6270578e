// SPDX-License-Identifier: Apache-2.0
// All comparisons are strict.
#include "rules/decision_conditions.hpp"

#include "speciesnet/taxonomy.hpp"

namespace speciesnet {

bool is(TopClass wanted, std::string_view label) {
    switch (wanted) {
        case TopClass::any:
            return true;
        case TopClass::human:
            return label == labels::human;
        case TopClass::human_or_vehicle:
            return label == labels::human || label == labels::vehicle;
        case TopClass::vehicle:
            return label == labels::vehicle;
        case TopClass::blank:
            return label == labels::blank;
        case TopClass::animal:
            return label != labels::blank && label != labels::human && label != labels::vehicle;
    }
    return false;
}

bool detection_fits(const DecisionRule& rule, Category category, double conf) {
    return (!rule.detected || category == *rule.detected) &&
           (!rule.conf_above || conf > *rule.conf_above) &&
           (!rule.conf_below || conf < *rule.conf_below);
}

}  // namespace speciesnet
