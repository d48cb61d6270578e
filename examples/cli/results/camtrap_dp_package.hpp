// SPDX-License-Identifier: Apache-2.0
// Reads Camtrap DP packages of any program as results.
#pragma once

#include "speciesnet/prediction.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace speciesnet::cli {

/// Returns the folder of a package: a folder with datapackage.json, or that file itself.
/// @return empty for other paths
std::filesystem::path camtrap_dp_folder(const std::filesystem::path& path);

/// Reads deployments.csv, media.csv and observations.csv. The tables are in memory.
/// - Each medium is a result; its location and station are the deployment's.
/// - An observation of a medium is a detection with its answer: with its box, or with the whole
///   image, repeated `count` times, at most 100 times. Its label comes from the tag "label:…", or
///   is derived from the scientific name.
/// - A medium that is unclassified, or has no observation, is a failed result.
/// @throws IoError; InvalidArgument naming file and line, also for packages that contain only
/// observations of events
void read_camtrap_dp(const std::filesystem::path& folder,
                     const std::function<void(const Prediction&)>& visit);

/// Returns a label for a scientific name: two words are genus and species, one word that ends in
/// "idae" is a family; other texts are their own names.
std::string label_of_name(const std::string& scientific_name);

}  // namespace speciesnet::cli
