// Results for photos: from the networks, or from the documents of earlier runs.
#pragma once

#include "speciesnet/prediction.hpp"

#include "predict_arguments.hpp"
#include "run_results.hpp"

#include <functional>
#include <span>
#include <stop_token>
#include <string>

namespace speciesnet::cli {

/// Checks that model and flags fit each other, before seconds are spent on loading networks; says
/// what is worth knowing about the run.
/// @throws InvalidArgument naming the flag
void check_model_fits(const PredictArguments& arguments, const ModelInfo& info);

/// Loads the model and runs the stages that the arguments ask for, for the photos that have no
/// result yet.
/// @param model    a folder, or "demo"
/// @param all      every photo of the command; documents of earlier runs may speak of these
/// @param results  are added to as they come
/// @param received called with each new result
/// @throws InvalidArgument naming the flag; IoError, ModelError; Cancelled when stopped, with all
/// finished photos in the results
void run_predictions(const PredictArguments& arguments, const std::string& model,
                     std::span<const Instance> all, RunResults& results,
                     const std::function<void(const Prediction&)>& received,
                     const std::stop_token& stop);

}  // namespace speciesnet::cli
