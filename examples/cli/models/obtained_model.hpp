// SPDX-License-Identifier: Apache-2.0
// The model of a command, downloaded if necessary, with progress on stderr.
#pragma once

#include "speciesnet/download.hpp"

#include <string>

namespace speciesnet::cli {

/// @param options all but the progress
/// @return what Ensemble::load() and Package::open() take
/// @throws as resolve_model()
std::string obtain_model(const std::string& name, FetchOptions options);

}  // namespace speciesnet::cli
