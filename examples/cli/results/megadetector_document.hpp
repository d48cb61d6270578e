// SPDX-License-Identifier: Apache-2.0
// Reads documents of MegaDetector and its tools, including Timelapse and AddaxAI.
#pragma once

#include "speciesnet/prediction.hpp"

#include <functional>
#include <istream>
#include <string_view>

namespace speciesnet::cli {

/// Returns whether a document starts as those of MegaDetector do, and not as predictions.
bool is_megadetector_document(std::string_view beginning);

/// Reads the document twice, because the categories may be defined at its end. Only one entry at a
/// time is in memory.
/// - Categories are identified by name. One that is neither animal, person nor vehicle becomes the
///   answer for an animal.
/// - The first of "classifications" is the answer. Its label is the description if there is one,
///   otherwise the name. "raw_classifications" are the classification.
/// - A video has a result for each frame that was processed.
/// - The program or model that made the document is the model_version of each result.
/// @param document a seekable stream
/// @throws InvalidArgument (json_syntax, json_content); what `visit` throws
void read_megadetector_document(std::istream& document,
                                const std::function<void(const Prediction&)>& visit);

}  // namespace speciesnet::cli
