// SPDX-License-Identifier: Apache-2.0
// Environment variables, and what they say of the user.
#pragma once

#include <filesystem>
#include <string>

namespace speciesnet {

/// A variable's value; empty if it is not set.
std::string environment_variable(const char* name);

/// Where the programs of this user keep what can be fetched again; empty if there is no such
/// folder.
std::filesystem::path user_cache_folder();

}  // namespace speciesnet
