// SPDX-License-Identifier: Apache-2.0
// Describes a decision in one sentence, with the compared numbers.
#pragma once

#include "speciesnet/rules.hpp"

#include "rules/decision_table.hpp"

#include <string>

namespace speciesnet {

/// @param rule        the rule that applies
/// @param explanation complete except for its reason
/// @param answer      the result of the rule
std::string reason(const DecisionRule& rule, const Explanation& explanation, const Answer& answer);

}  // namespace speciesnet
