// Results for photos: from the networks, or from the documents of earlier runs.
#pragma once

#include "speciesnet/prediction.hpp"

#include "predict_arguments.hpp"

#include <span>
#include <vector>

namespace speciesnet::cli {

/// Loads the model and runs the stages that the arguments ask for; shows progress.
/// @param all       every photo of the command; documents of earlier runs may speak of these
/// @param remaining the photos to work on
/// @return one prediction per remaining photo, in their order
/// @throws InvalidArgument naming the flag; IoError, ModelError
std::vector<Prediction> run_predictions(const PredictArguments& arguments,
                                        std::span<const Instance> all,
                                        std::vector<Instance> remaining);

}  // namespace speciesnet::cli
