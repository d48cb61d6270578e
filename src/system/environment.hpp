// SPDX-License-Identifier: Apache-2.0
// Reads environment variables, and derives folders of the user from them.
#pragma once

#include <filesystem>
#include <string>

namespace speciesnet {

/// Returns a variable's value; empty if it is not set.
std::string environment_variable(const char* name);

/// Returns the folder in which programs of this user keep data that can be downloaded again; empty
/// if there is none.
std::filesystem::path user_cache_folder();

}  // namespace speciesnet
