// SPDX-License-Identifier: Apache-2.0
// An empty variable counts as unset.
#include "system/environment.hpp"

#include <cstdlib>

namespace speciesnet {

std::string environment_variable(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "";
}

}  // namespace speciesnet
