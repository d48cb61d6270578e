// SPDX-License-Identifier: Apache-2.0
// An empty variable counts as not set.
#include "system/environment.hpp"

#include <cstdlib>

namespace speciesnet {

std::string environment_variable(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "";
}

// The XDG base directory specification ignores relative paths.
std::filesystem::path user_cache_folder() {
    if (std::filesystem::path base = environment_variable("XDG_CACHE_HOME"); base.is_absolute()) {
        return base;
    }
    const std::filesystem::path home = environment_variable("HOME");
    return home.empty() ? home : home / ".cache";
}

}  // namespace speciesnet
