// SPDX-License-Identifier: Apache-2.0
// Reports whether a model's networks are the published files, as text and as JSON.
#pragma once

#include "speciesnet/download.hpp"

#include "text/json_writer.hpp"

#include <span>
#include <string>

namespace speciesnet::cli {

/// Returns "is the published file md_v5a.0.0.pt", "is not the published file …" or "is not known".
std::string describe(const IdentifiedNetwork& network);

/// Writes the key "networks" and its array to an object.
void write_networks(JsonWriter& json, std::span<const IdentifiedNetwork> networks);

}  // namespace speciesnet::cli
