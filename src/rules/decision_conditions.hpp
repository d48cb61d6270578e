// SPDX-License-Identifier: Apache-2.0
// Evaluates the conditions of a row of the decision table.
#pragma once

#include "rules/decision_table.hpp"

#include <string_view>

namespace speciesnet {

/// Returns whether a label is the top class that a rule requires.
bool is(TopClass wanted, std::string_view label);

/// Returns whether the detection fulfils the rule's conditions.
bool detection_fits(const DecisionRule& rule, Category category, double conf);

}  // namespace speciesnet
