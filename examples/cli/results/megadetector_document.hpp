// SPDX-License-Identifier: Apache-2.0
// Reads documents of MegaDetector and its tools, including Timelapse and AddaxAI.
#pragma once

#include "speciesnet/prediction.hpp"

#include <functional>
#include <istream>
#include <string_view>

namespace speciesnet::cli {

/// Whether a document begins as MegaDetector's do, and not as one of predictions.
bool is_megadetector_document(std::string_view beginning);

/// Reads the document twice: which category a number stands for may be known at its end only. One
/// entry at a time is in memory.
/// - Categories are identified by name; one that is neither animal, person nor vehicle is the
///   answer of an animal.
/// - The first of "classifications" is the answer; its label is that of the description, if there
///   is one, else the name. "raw_classifications" are the classification.
/// - A video is a result for each frame that was processed.
/// - What made the document is each result's model_version.
/// @param document that can be wound back
/// @throws InvalidArgument (json_syntax, json_content); what `visit` throws
void read_megadetector_document(std::istream& document,
                                const std::function<void(const Prediction&)>& visit);

}  // namespace speciesnet::cli
