// SPDX-License-Identifier: Apache-2.0
// An empty variable counts as unset.
#include "system/environment.hpp"

#include "speciesnet/utf8_path.hpp"

#include <cstdlib>

namespace speciesnet {

std::string environment_variable(const char* name) {
    const wchar_t* const value = _wgetenv(utf8_path(name).c_str());
    return value != nullptr ? utf8_text(value) : "";
}

std::filesystem::path user_cache_folder() {
    return utf8_path(environment_variable("LOCALAPPDATA"));
}

}  // namespace speciesnet
