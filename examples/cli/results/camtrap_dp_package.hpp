// SPDX-License-Identifier: Apache-2.0
// Reads Camtrap DP packages of any program as results.
#pragma once

#include "speciesnet/prediction.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace speciesnet::cli {

/// The folder of a package: a folder with datapackage.json, or that file itself.
/// @return empty for anything else
std::filesystem::path camtrap_dp_folder(const std::filesystem::path& path);

/// Reads deployments.csv, media.csv and observations.csv. The tables are in memory.
/// - Each medium is a result; its place and station are the deployment's.
/// - An observation of a medium is a detection with its answer: with its box, or with the whole
///   image, as often as `count` says, at most 100 times. Its label is that of the tag "label:…",
///   else one made of the scientific name.
/// - A medium that is unclassified, or has no observation, is a failed result.
/// @throws IoError; InvalidArgument naming file and line, also for packages whose observations are
/// all of events
void read_camtrap_dp(const std::filesystem::path& folder,
                     const std::function<void(const Prediction&)>& visit);

/// A label for a scientific name: of two words genus and species, of one that ends in "idae" a
/// family; else the text itself, which is its own name.
std::string label_of_name(const std::string& scientific_name);

}  // namespace speciesnet::cli
