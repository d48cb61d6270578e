// Checks that model and flags fit each other before seconds are spent on loading networks.
#include "prediction_run.hpp"

#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/past_runs.hpp"

#include "earlier_results.hpp"
#include "naming_flag.hpp"
#include "obtained_model.hpp"
#include "progress_display.hpp"
#include "text_file.hpp"

#include <iostream>
#include <string>
#include <unordered_map>
#include <utility>

namespace speciesnet::cli {
namespace {

std::ostream& note() {
    return std::cerr << "speciesnet: note: ";
}

bool classifies_earlier_detections(const PredictArguments& arguments, const ModelInfo& info) {
    return arguments.classifier_only && info.type == ModelType::always_crop;
}

void check_classifier_has_detections(const PredictArguments& arguments, const ModelInfo& info) {
    if (!classifies_earlier_detections(arguments, info) || !arguments.detections_json.empty()) {
        return;
    }
    if (arguments.predict.format == ResultFormat::per_detection) {
        throw InvalidArgument(
            "--classifier_only: this model classifies detections, so it needs those of an earlier "
            "run: give its output with --detections_json");
    }
    note() << "without --detections_json, whole images are classified instead of detections\n";
}

void announce(const PredictArguments& arguments, const ModelInfo& info) {
    if (info.demo) {
        note() << "model '" << info.version
               << "' is a demonstration trained on drawn scenes; it is not SpeciesNet and its "
                  "answers about real photos mean nothing\n";
    }
    if (arguments.run_mode == "multi_process") {
        note() << "--run_mode=multi_process: this program uses threads of one process instead\n";
    }
    if (!arguments.detections_json.empty() && !arguments.ensemble_only &&
        !classifies_earlier_detections(arguments, info)) {
        note() << "--detections_json has no effect on this run\n";
    }
    if (!arguments.classifications_json.empty() && !arguments.ensemble_only) {
        note() << "--classifications_json has no effect without --ensemble_only\n";
    }
}

EnsembleOptions ensemble_options(const PredictArguments& arguments) {
    EnsembleOptions options{.components = components_of(arguments),
                            .threads = arguments.threads,
                            .geofence = arguments.geofence,
                            .target_species = {}};
    if (!arguments.target_species_txt.empty()) {
        options.target_species = naming_flag(
            "--target_species_txt", [&] { return read_lines(arguments.target_species_txt); });
    }
    return options;
}

/// As in the reference, numbers below 0 mean "all".
std::optional<std::size_t> limit(int number) {
    return number < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(number));
}

PredictOptions predict_options(const PredictArguments& arguments) {
    auto options = arguments.predict;
    options.max_classifications_per_image = limit(arguments.max_classifications_per_image);
    options.max_classifications_per_detection = limit(arguments.max_classifications_per_detection);
    return options;
}

/// Gives instances what the detector found in an earlier run.
void attach_detections(std::vector<Instance>& instances, std::span<const Prediction> earlier) {
    std::unordered_map<std::string_view, const Prediction*> by_file;
    for (const auto& prediction : earlier) {
        by_file[prediction.filepath] = &prediction;
    }
    for (auto& instance : instances) {
        const auto found = by_file.find(instance.filepath);
        if (found == by_file.end() || !found->second->detections) {
            continue;
        }
        auto& detections = instance.detections.emplace();
        for (const auto& entry : *found->second->detections) {
            detections.push_back(entry.detection);
        }
    }
}

std::vector<Prediction> decide_past_runs(const PredictArguments& arguments,
                                         const Ensemble& ensemble, std::span<const Instance> all,
                                         std::span<const Instance> remaining) {
    const auto classifications =
        read_earlier_results("--classifications_json", arguments.classifications_json, all);
    const auto detections =
        read_earlier_results("--detections_json", arguments.detections_json, all);
    return combine_past_runs(ensemble.rules(), remaining, classifications, detections,
                             {.max_classifications_per_detection =
                                  arguments.predict.format == ResultFormat::per_image
                                      ? std::nullopt
                                      : limit(arguments.max_classifications_per_detection),
                              .explain = arguments.predict.explain,
                              .model_version = ensemble.info().version});
}

}  // namespace

std::vector<Prediction> run_predictions(const PredictArguments& arguments,
                                        std::span<const Instance> all,
                                        std::vector<Instance> remaining) {
    const auto model =
        obtain_model(arguments.model, arguments.force_model_download ? Freshness::downloaded_again
                                                                     : Freshness::as_cached);
    const auto info = Package::open(model).info();
    check_classifier_has_detections(arguments, info);
    if (classifies_earlier_detections(arguments, info) && !arguments.detections_json.empty()) {
        attach_detections(
            remaining, read_earlier_results("--detections_json", arguments.detections_json, all));
    }
    const auto ensemble = Ensemble::load(model, ensemble_options(arguments));
    announce(arguments, info);
    if (arguments.ensemble_only) {
        return decide_past_runs(arguments, ensemble, all, remaining);
    }
    ProgressDisplay display(std::cerr, arguments.progress_bars ? ProgressDisplay::style_for_stderr()
                                                               : ProgressDisplay::Style::hidden);
    return ensemble.predict(
        remaining, predict_options(arguments),
        [&display](std::size_t done, std::size_t total) { display.update(done, total); });
}

}  // namespace speciesnet::cli
