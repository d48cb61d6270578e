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
    /// Batches as large as the reference's. Source: run_model.py, --batch_size.
    PredictOptions predict{.batch_size = 8};

    OutputArguments outputs;
    bool ignore_existing_predictions = false;
    bool progress_bars = true;
    bool announce_duration = false;  ///< Say after the first photos how long all will take.

    std::string run_mode;
    bool bypass_prompts = false;
};

/// Adds the flags to a command; `arguments` must outlive the parser.
void add_predict_flags(CLI::App& command, PredictArguments& arguments);

/// The groups of these flags that other commands have, too.
void add_model_flags(CLI::App& command, PredictArguments& arguments);
CLI::Option* add_ignore_existing_flag(CLI::App& command, PredictArguments& arguments);
void add_decision_flags(CLI::App& command, PredictArguments& arguments);
void add_running_flags(CLI::App& command, PredictArguments& arguments);

/// The components that the flags ask for.
Components components_of(const PredictArguments& arguments);

/// What is to be found out about places.
GeolocationOptions geolocation_options(const PredictArguments& arguments);

/// Checks what the flags say together. @throws InvalidArgument naming the flags; IoError for a list
/// that is not a file
void check_predict_arguments(const PredictArguments& arguments);

}  // namespace speciesnet::cli
