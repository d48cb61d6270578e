// SPDX-License-Identifier: Apache-2.0
// Returns the model of a command, after downloading it if necessary, with progress on stderr.
#pragma once

#include "speciesnet/download.hpp"

#include <string>

namespace speciesnet::cli {

/// @param options without progress
/// @return a name for Ensemble::load() and Package::open()
/// @throws as resolve_model()
std::string obtain_model(const std::string& name, FetchOptions options);

}  // namespace speciesnet::cli
