// SPDX-License-Identifier: Apache-2.0
// Results for photos: from the networks, or from the documents of earlier runs.
#pragma once

#include "speciesnet/ensemble.hpp"
#include "speciesnet/prediction.hpp"

#include "earlier_results.hpp"
#include "predict_arguments.hpp"
#include "run_results.hpp"

#include <functional>
#include <optional>
#include <span>
#include <stop_token>

namespace speciesnet::cli {

/// Checks that model and flags are compatible before seconds are spent on loading networks, and
/// prints notes about the run.
/// @throws InvalidArgument naming the flag
void check_model_fits(const PredictArguments& arguments, const ModelInfo& info);

/// The model and everything else that a run reads except its photos. Invalid arguments are reported
/// before the first result.
class PredictionRun {
public:
    using Received = std::function<void(const Prediction&)>;

    /// Loads the model and the other files.
    /// @param arguments must outlive this object
    /// @param package   the model
    /// @param stations  may be empty
    /// @param inputs    all photos of the command; must outlive this object
    /// @throws InvalidArgument naming the flag; IoError, ModelError
    PredictionRun(const PredictArguments& arguments, const Package& package,
                  const StationTable& stations, std::span<const Instance> inputs);

    /// Runs the stages that the arguments select, for the photos without a result.
    /// @param results  receive new results as they are computed
    /// @param received called with each new result
    /// @throws IoError; Cancelled if stopped, with all finished photos in the results
    void run(RunResults& results, const Received& received, const std::stop_token& stop) const;

private:
    void decide_past_runs(RunResults& results, const Received& received,
                          const std::stop_token& stop) const;

    const PredictArguments& arguments_;
    std::span<const Instance> inputs_;
    std::optional<EarlierResults> classifications_;
    std::optional<EarlierResults> detections_;
    std::optional<Ensemble> ensemble_;
};

}  // namespace speciesnet::cli
