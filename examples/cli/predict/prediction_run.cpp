// SPDX-License-Identifier: Apache-2.0
// Passes photos to the engine one by one, so that memory does not grow with their number.
#include "prediction_run.hpp"

#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/past_runs.hpp"
#include "speciesnet/utf8_path.hpp"

#include "earlier_results.hpp"
#include "files/text_file.hpp"
#include "flags/naming_flag.hpp"
#include "video/frame_name.hpp"
#include "video/frame_reader.hpp"

#include <cstddef>
#include <deque>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

/// Number of photos of past runs that are decided at a time.
constexpr std::size_t portion = 1024;

std::ostream& note() {
    return std::cerr << "speciesnet: note: ";
}

bool classifies_earlier_detections(const PredictArguments& arguments, const ModelInfo& info) {
    return arguments.classifier_only && info.type == ModelType::always_crop;
}

bool decides(const PredictArguments& arguments) {
    return !arguments.detector_only && !arguments.classifier_only;
}

void check_classifier_has_detections(const PredictArguments& arguments, const ModelInfo& info) {
    if (!classifies_earlier_detections(arguments, info) || !arguments.detections_json.empty()) {
        return;
    }
    if (arguments.predict.format == ResultFormat::per_detection) {
        throw InvalidArgument(
            "--classifier_only: this model classifies detections; give the output of a detector "
            "run with --detections_json");
    }
    note() << "without --detections_json, whole images are classified instead of detections\n";
}

void announce(const PredictArguments& arguments, const ModelInfo& info) {
    if (info.demo) {
        note() << "model '" << info.version
               << "' is a demonstration trained on drawn scenes; it is not SpeciesNet, and its "
                  "answers for real photos are meaningless\n";
    }
    if (arguments.run_mode == "multi_process") {
        note() << "--run_mode=multi_process: this program uses threads of one process instead\n";
    }
    if (!arguments.detections_json.empty() && !arguments.ensemble_only &&
        !classifies_earlier_detections(arguments, info)) {
        note() << "--detections_json has no effect on this run\n";
    }
    if (arguments.local_species.given() && !decides(arguments)) {
        note()
            << "--species_list and --geofence_overlay have no effect on a run without decisions\n";
    }
    if (!arguments.classifications_json.empty() && !arguments.ensemble_only) {
        note() << "--classifications_json has no effect without --ensemble_only\n";
    }
}

EnsembleOptions ensemble_options(const PredictArguments& arguments) {
    auto options = arguments.load;
    options.components = components_of(arguments);
    options.precision = precision_from_name(arguments.precision);
    options.device = naming_flag("--device", [&] { return device_from_name(arguments.device); });
    if (!arguments.target_species_txt.empty()) {
        options.target_species = naming_flag("--target_species_txt", [&] {
            return read_lines(utf8_path(arguments.target_species_txt));
        });
    }
    return options;
}

PredictOptions predict_options(const PredictArguments& arguments) {
    auto options = arguments.predict;
    options.geolocation = geolocation_options(arguments);
    return options;
}

/// Returns the detections of an earlier run for an image.
std::optional<std::vector<Detection>> detections_in(const EarlierResults& earlier,
                                                    const std::string& filepath) {
    const auto found = earlier.find(filepath);
    if (!found || !found->detections) {
        return std::nullopt;
    }
    std::vector<Detection> detections;
    for (const auto& entry : *found->detections) {
        detections.push_back(entry.detection);
    }
    return detections;
}

/// Returns the frames of the inputs without a result.
std::vector<FrameName> frames_to_read(std::span<const Instance> inputs, const RunResults& results) {
    std::vector<FrameName> frames;
    for (std::size_t input = 0; input < inputs.size(); ++input) {
        if (results.has(input)) {
            continue;
        }
        if (auto frame = frame_of(inputs[input].filepath)) {
            frames.push_back(std::move(*frame));
        }
    }
    return frames;
}

/// Returns a failure as the engine reports it for an unreadable photo.
Prediction failed_frame(const Instance& instance, const PredictArguments& arguments,
                        const std::string& reason) {
    return {.filepath = instance.filepath,
            .failures = {.classifier = !arguments.detector_only,
                         .detector = !arguments.classifier_only,
                         .geolocation = false},
            .failure_reason = reason,
            .truncated = false,
            .location = instance.location,
            .detections = std::nullopt,
            .model_version = {}};
}

/// Returns the next inputs without a result, starting at `first`.
std::vector<std::size_t> next_portion(std::size_t first, const RunResults& results,
                                      std::size_t inputs, std::size_t size) {
    std::vector<std::size_t> selected;
    for (std::size_t input = first; input < inputs && selected.size() < size; ++input) {
        if (!results.has(input)) {
            selected.push_back(input);
        }
    }
    return selected;
}

std::vector<Instance> instances_of(std::span<const std::size_t> selected,
                                   std::span<const Instance> all) {
    std::vector<Instance> instances;
    instances.reserve(selected.size());
    for (const auto input : selected) {
        instances.push_back(all[input]);
    }
    return instances;
}

/// Returns the results of earlier runs for images.
std::vector<Prediction> results_of(std::span<const Instance> instances,
                                   const EarlierResults& earlier) {
    std::vector<Prediction> results;
    for (const auto& instance : instances) {
        if (auto found = earlier.find(instance.filepath)) {
            results.push_back(std::move(*found));
        }
    }
    return results;
}

}  // namespace

void check_model_fits(const PredictArguments& arguments, const ModelInfo& info) {
    check_classifier_has_detections(arguments, info);
    announce(arguments, info);
}

PredictionRun::PredictionRun(const PredictArguments& arguments, const Package& package,
                             const StationTable& stations, std::span<const Instance> inputs)
    : arguments_(arguments), inputs_(inputs) {
    if (arguments.ensemble_only) {
        classifications_.emplace("--classifications_json", arguments.classifications_json, inputs);
    }
    if (arguments.ensemble_only || (!arguments.detections_json.empty() &&
                                    classifies_earlier_detections(arguments, package.info()))) {
        detections_.emplace("--detections_json", arguments.detections_json, inputs);
    }
    // Read before the networks, which take seconds to load.
    const bool any_list = arguments.local_species.given() || !stations.species_lists().empty();
    const auto local =
        decides(arguments) && any_list
            ? read_local_species(arguments.local_species, stations, package.taxonomy())
            : GeofenceOverlay();
    auto options = ensemble_options(arguments);
    // Later messages are about photos, which have their own lines.
    const auto is_loading = std::make_shared<bool>(true);
    options.log = [is_loading](LogLevel level, std::string_view message) {
        if (level == LogLevel::warning && *is_loading) {
            note() << message << '\n';
        }
    };
    ensemble_.emplace(Ensemble::load(package, options));
    *is_loading = false;
    if (local.size() > 0) {
        ensemble_ = ensemble_->with_rules(ensemble_->rules().with(local));
    }
}

void PredictionRun::run(RunResults& results, const Received& received,
                        const std::stop_token& stop) const {
    if (arguments_.ensemble_only) {
        decide_past_runs(results, received, stop);
        return;
    }
    std::optional<FrameReader> frames;
    if (auto names = frames_to_read(inputs_, results); !names.empty()) {
        frames.emplace(std::move(names));
    }
    std::size_t next = 0;
    std::deque<std::size_t> in_work;
    const auto source = [&]() -> std::optional<Instance> {
        for (; next < inputs_.size(); ++next) {
            if (results.has(next)) {
                continue;
            }
            Instance instance = inputs_[next];
            if (detections_) {
                instance.detections = detections_in(*detections_, instance.filepath);
            }
            if (frame_of(instance.filepath)) {
                auto frame = frames->next();
                if (!frame.image) {
                    const auto failed = failed_frame(instance, arguments_, frame.failure_reason);
                    results.add(next, failed);
                    received(failed);
                    continue;
                }
                instance.image = std::move(frame.image);
            }
            in_work.push_back(next++);
            return instance;
        }
        return std::nullopt;
    };
    ensemble_->predict_each(
        source, predict_options(arguments_),
        [&](Prediction&& prediction) {
            results.add(in_work.front(), prediction);
            in_work.pop_front();
            received(prediction);
        },
        stop);
}

void PredictionRun::decide_past_runs(RunResults& results, const Received& received,
                                     const std::stop_token& stop) const {
    const CombineOptions options{.max_classifications_per_detection =
                                     arguments_.predict.format == ResultFormat::per_image
                                         ? std::nullopt
                                         : arguments_.predict.max_classifications_per_detection,
                                 .explain = arguments_.predict.explain,
                                 .geolocation = geolocation_options(arguments_),
                                 .model_version = ensemble_->info().version};
    auto selected = next_portion(0, results, inputs_.size(), portion);
    while (!selected.empty()) {
        if (stop.stop_requested()) {
            throw Cancelled();
        }
        const auto instances = instances_of(selected, inputs_);
        const auto predictions = combine_past_runs(ensemble_->rules(), instances,
                                                   results_of(instances, *classifications_),
                                                   results_of(instances, *detections_), options);
        for (std::size_t index = 0; index < selected.size(); ++index) {
            results.add(selected[index], predictions[index]);
            received(predictions[index]);
        }
        selected = next_portion(selected.back() + 1, results, inputs_.size(), portion);
    }
}

}  // namespace speciesnet::cli
