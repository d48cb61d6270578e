// Whether a model gives the answers that are known of the published weights.
#pragma once

#include "speciesnet/download.hpp"

#include "check.hpp"

#include <filesystem>
#include <string>

namespace speciesnet::cli {

/// Runs a model on the photos of known answers: those in the program, or those of a folder that
/// have such a photo's name.
/// @param photos empty: those in the program
/// @return trouble if an answer differs although both networks are the published files, or if the
/// model cannot run; advice if other networks answer differently
Check check_model(const std::string& model, const FetchOptions& options,
                  const std::filesystem::path& photos);

}  // namespace speciesnet::cli
