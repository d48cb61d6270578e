// Documents of earlier runs: what can be kept, what can be built upon.
#pragma once

#include "speciesnet/ensemble.hpp"
#include "speciesnet/json.hpp"

#include <span>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// Reads a document of an earlier run over the same photos, without the images that failed.
/// Source: utils.py, load_partial_predictions.
/// @param flag      names the document in messages
/// @param instances every image of the document must be one of these
/// @throws InvalidArgument naming the flag, file and image; IoError
std::vector<Prediction> read_earlier_results(const std::string& flag, const std::string& file,
                                             std::span<const Instance> instances);

/// Refuses to continue a document that other components have made.
/// Source: run_model.py, guess_predictions_source.
/// @throws InvalidArgument naming --predictions_json
void check_same_components(std::span<const Prediction> earlier, Components components,
                           const std::string& file);

}  // namespace speciesnet::cli
