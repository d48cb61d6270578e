// SPDX-License-Identifier: Apache-2.0
// Reads environment variables.
#pragma once

#include <string>

namespace speciesnet {

/// A variable's value; empty if it is not set.
std::string environment_variable(const char* name);

}  // namespace speciesnet
