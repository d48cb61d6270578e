// SPDX-License-Identifier: Apache-2.0
// The conditions of a row of the decision table.
#pragma once

#include "rules/decision_table.hpp"

#include <string_view>

namespace speciesnet {

/// Whether a label is what a rule wants the top class to be.
bool is(TopClass wanted, std::string_view label);

/// Whether what a rule wants of the detection is so.
bool detection_fits(const DecisionRule& rule, Category category, double conf);

}  // namespace speciesnet
