// SPDX-License-Identifier: Apache-2.0
// Names, defaults and meanings are those of run_model; docs/reference/cli.md lists the differences.
#include "predict_arguments.hpp"

#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"

#include "flags/flag_checks.hpp"
#include "flags/precision_flag.hpp"
#include "flags/progress_flag.hpp"
#include "flags/result_format_flag.hpp"

#include <cstddef>
#include <optional>

namespace speciesnet::cli {
namespace {

/// As in the reference, a negative number means no limit.
std::optional<std::size_t> limit(int number) {
    return number < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(number));
}

}  // namespace

void add_model_flags(CLI::App& command, PredictArguments& arguments) {
    const std::string group = "Model";
    command
        .add_option("--model", arguments.model,
                    "A model: kaggle:…, hf:…, the URL or path of an archive, a folder, or demo")
        ->type_name("MODEL")
        ->group(group);
    command
        .add_flag("--force_model_download,!--noforce_model_download",
                  arguments.force_model_download,
                  "Download the model again; no effect on folders and demo")
        ->group(group);
    // clang-format off
    // <options flags load Model arguments.load> by scripts/generate_options
    command.add_option("--threads", arguments.load.threads,
        "Number of threads for the networks; 0 for one per core")
        ->type_name("N")->check(within<int>(0, 1024))->group(group);
    command.add_option("--device", arguments.device,
        "Device that runs the networks: cpu, cuda or cuda:N; CUDA requires a LibTorch built for"
        " it")
        ->type_name("NAME")->group(group);
    command.add_option("--detector", arguments.detector,
        "Detector file that replaces the model's own, such as a release of MegaDetector")
        ->type_name("FILE")->group(group);
    // </options>
    // clang-format on
    add_precision_flag(command, arguments.precision)->group(group);
    command
        .add_option("--target_species_txt", arguments.target_species_txt,
                    "A file with one label per line; their logits are always reported")
        ->type_name("FILE")
        ->group(group);
}

namespace {

void add_stage_flags(CLI::App& command, PredictArguments& arguments) {
    const std::string group = "Stages (default: all)";
    command
        .add_flag("--detector_only,!--nodetector_only", arguments.detector_only,
                  "Only detect animals, humans and vehicles")
        ->group(group);
    command
        .add_flag("--classifier_only,!--noclassifier_only", arguments.classifier_only,
                  "Only classify, usually the detections of --detections_json")
        ->group(group);
    command
        .add_flag("--ensemble_only,!--noensemble_only", arguments.ensemble_only,
                  "Only apply the decision rules to --detections_json and --classifications_json, "
                  "without networks")
        ->group(group);
    command
        .add_option("--detections_json", arguments.detections_json,
                    "Output of an earlier run with --detector_only")
        ->type_name("FILE")
        ->group(group);
    command
        .add_option("--classifications_json", arguments.classifications_json,
                    "Output of an earlier run with --classifier_only")
        ->type_name("FILE")
        ->group(group);
}

}  // namespace

void add_decision_flags(CLI::App& command, PredictArguments& arguments) {
    const std::string group = "Decisions";
    // clang-format off
    // <options flags load Decisions arguments.load> by scripts/generate_options
    command.add_flag("--geofence,!--nogeofence", arguments.load.geofence,
        "Exclude species that do not live at the photo's location (default; --nogeofence: off)")->group(group);
    // </options>
    // clang-format on
    add_local_species_flags(command, arguments.local_species);
    // clang-format off
    // <options flags predict Decisions arguments.predict> by scripts/generate_options
    command.add_flag("--explain,!--noexplain", arguments.predict.explain,
        "Whether to add an explanation to each answer")->group(group);
    command.add_option("--detection_threshold", arguments.predict.detection_threshold,
        "Minimum confidence of reported detections; 0.01 unless given")
        ->type_name("CONF")->check(within<double>(0.01, 1))->group(group);
    command.add_option("--detection_threshold_for_classification", arguments.predict.classification_threshold,
        "Minimum confidence of detections that are classified separately; 0.1 unless given")
        ->type_name("CONF")->check(within<double>(0, 1))->group(group);
    command.add_option_function<int>("--max_classifications_per_image", [&arguments](int most) { arguments.predict.max_classifications_per_image = limit(most); },
        "Maximum number of detections to classify per image; all by default and for numbers "
        "below 0")
        ->type_name("N")->group(group);
    command.add_option_function<int>("--max_classifications_per_detection", [&arguments](int most) { arguments.predict.max_classifications_per_detection = limit(most); },
        "Number of classes to report per detection; 2 by default, below 0: all")
        ->type_name("N")->group(group);
    command.add_flag("--coordinates_from_exif,!--nocoordinates_from_exif", arguments.predict.geolocation.coordinates_from_exif,
        "Read missing coordinates from the photo's GPS fields")->group(group);
    command.add_flag("--country_from_coordinates,!--nocountry_from_coordinates", arguments.predict.geolocation.country_from_coordinates,
        "Derive a missing country from the coordinates: that of the nearest place of 1,000 "
        "inhabitants")->group(group);
    // </options>
    // clang-format on
}

CLI::Option* add_ignore_existing_flag(CLI::App& command, PredictArguments& arguments) {
    return command.add_flag("--ignore_existing_predictions,!--noignore_existing_predictions",
                            arguments.ignore_existing_predictions,
                            "Process all images again and replace the predictions of earlier runs");
}

namespace {

void add_document_flags(CLI::App& command, PredictArguments& arguments) {
    const std::string group = "Output";
    command
        .add_option("--predictions_json", arguments.outputs.predictions_json,
                    "Write to this file, rounded to 4 decimals, instead of standard output; images "
                    "in it without failures are not processed again")
        ->type_name("FILE")
        ->group(group);
    add_ignore_existing_flag(command, arguments)->group(group);
    add_result_format_flag(command, arguments.predict.format)->group(group);
}

void add_compatibility_flags(CLI::App& command, PredictArguments& arguments) {
    const std::string group = "Running";
    command
        .add_option("--run_mode", arguments.run_mode,
                    "Accepted for compatibility; this program always uses threads")
        ->type_name("MODE")
        ->check(CLI::IsMember({"multi_thread", "multi_process"}))
        ->group(group);
    command
        .add_flag("--bypass_prompts,!--nobypass_prompts", arguments.bypass_prompts,
                  "Accepted for compatibility; this program never prompts")
        ->group(group);
}

}  // namespace

void add_running_flags(CLI::App& command, PredictArguments& arguments) {
    const std::string group = "Running";
    // clang-format off
    // <options flags predict Running arguments.predict> by scripts/generate_options
    command.add_option("--batch_size", arguments.predict.batch_size,
        "Number of images whose detections are classified in one batch; 8 by default")
        ->type_name("N")->check(within<std::size_t>(1, 1024))->group(group);
    command.add_option("--jobs", arguments.predict.decoding_threads,
        "Number of photos to read and decode in parallel; 2 by default")
        ->type_name("N")->check(within<int>(1, 1024))->group(group);
    // </options>
    // clang-format on
    add_progress_flag(command, arguments.progress_bars);
}

void add_predict_flags(CLI::App& command, PredictArguments& arguments) {
    add_model_flags(command, arguments);
    add_input_flags(command, arguments.inputs);
    add_stage_flags(command, arguments);
    add_decision_flags(command, arguments);
    add_document_flags(command, arguments);
    add_output_flags(command, arguments.outputs);
    add_running_flags(command, arguments);
    add_compatibility_flags(command, arguments);
}

Components components_of(const PredictArguments& arguments) {
    if (arguments.detector_only) {
        return Components::detector;
    }
    if (arguments.classifier_only) {
        return Components::classifier;
    }
    return arguments.ensemble_only ? Components::rules : Components::all;
}

GeolocationOptions geolocation_options(const PredictArguments& arguments) {
    auto options = arguments.predict.geolocation;
    options.places_as_given = arguments.inputs.places_as_given;
    return options;
}

void check_predict_arguments(const PredictArguments& arguments) {
    check_output_arguments(arguments.outputs);
    const int only = arguments.detector_only + arguments.classifier_only + arguments.ensemble_only;
    if (only > 1) {
        throw InvalidArgument(
            "expected at most one of --classifier_only, --detector_only, --ensemble_only; got " +
            std::to_string(only));
    }
    if (arguments.ensemble_only &&
        (arguments.classifications_json.empty() || arguments.detections_json.empty())) {
        throw InvalidArgument(
            "--ensemble_only needs both --classifications_json and --detections_json");
    }
    if (arguments.model.empty()) {
        throw InvalidArgument(
            "--model is required: `--model " + std::string(default_model_name) +
            "` is SpeciesNet, downloaded on first use; `--model demo` is a small demonstration on "
            "drawn scenes, not SpeciesNet");
    }
}

}  // namespace speciesnet::cli
