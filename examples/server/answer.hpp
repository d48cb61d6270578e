// SPDX-License-Identifier: Apache-2.0
// Converts predictions to answers of the server.
#pragma once

#include "speciesnet/model.hpp"
#include "speciesnet/prediction.hpp"

#include "text/json_writer.hpp"

#include <string_view>

namespace server {

/// Printed at the start, and included in each answer of the demonstration model.
inline constexpr std::string_view demo_notice =
    "This is the demonstration model. It is not SpeciesNet: it was trained on drawn scenes only.";

/// Writes the `speciesnet` part of an answer.
/// @param prediction from Service::identify()
void write_answer(speciesnet::JsonWriter& json, const speciesnet::Prediction& prediction,
                  const speciesnet::ModelInfo& model);

}  // namespace server
