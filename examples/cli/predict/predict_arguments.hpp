// SPDX-License-Identifier: Apache-2.0
// The flags of `speciesnet predict`: those of the reference's run_model, and a few more.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "command_line.hpp"
#include "local_species.hpp"
#include "output/output_arguments.hpp"
#include "photos/inputs.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace speciesnet::cli {

struct PredictArguments {
    InputArguments inputs;

    std::string model;
    bool force_model_download = false;
    EnsembleOptions load;
    std::string precision = "fp32";
    std::string device = "cpu";
    std::string detector;

    bool detector_only = false;
    bool classifier_only = false;
    bool ensemble_only = false;
    std::string detections_json;
    std::string classifications_json;

    LocalSpeciesArguments local_species;
    std::string target_species_txt;
    /// The reference's batch size. Source: run_model.py, --batch_size.
    PredictOptions predict{.batch_size = 8};

    OutputArguments outputs;
    bool ignore_existing_predictions = false;
    bool progress_bars = true;
    bool announce_duration = false;  ///< Print the expected duration after the first photos.

    std::string run_mode;
    bool bypass_prompts = false;
};

/// Adds the flags to a command; `arguments` must outlive the parser.
void add_predict_flags(CLI::App& command, PredictArguments& arguments);

/// Add groups of these flags for other commands.
void add_model_flags(CLI::App& command, PredictArguments& arguments);
CLI::Option* add_ignore_existing_flag(CLI::App& command, PredictArguments& arguments);
void add_decision_flags(CLI::App& command, PredictArguments& arguments);
void add_running_flags(CLI::App& command, PredictArguments& arguments);

/// Returns the components that the flags select.
Components components_of(const PredictArguments& arguments);

/// Returns which parts of locations to derive.
GeolocationOptions geolocation_options(const PredictArguments& arguments);

/// Checks the combination of flags. @throws InvalidArgument naming the flags; IoError if a list is
/// not a file
void check_predict_arguments(const PredictArguments& arguments);

}  // namespace speciesnet::cli
