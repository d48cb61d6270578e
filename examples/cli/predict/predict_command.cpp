// SPDX-License-Identifier: Apache-2.0
// Reads inputs and earlier results, predicts the rest, and writes the outputs.
#include "predict_command.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "earlier_results.hpp"
#include "failure_report.hpp"
#include "flags/naming_flag.hpp"
#include "journal/journal.hpp"
#include "models/obtained_model.hpp"
#include "output/outputs.hpp"
#include "place_notes.hpp"
#include "predict_arguments.hpp"
#include "prediction_run.hpp"
#include "run_results.hpp"
#include "run_settings.hpp"
#include "stations/station_photos.hpp"
#include "terminal/interrupt_watch.hpp"
#include "terminal/progress_display.hpp"
#include "video/frame_name.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

std::ostream& say() {
    return std::cerr << "speciesnet: ";
}

/// Returns the path of the journal, next to the first output. Empty without an output.
std::string journal_name(const PredictArguments& arguments) {
    const auto outputs = outputs_of(arguments.outputs);
    return outputs.empty() ? std::string() : outputs.front().file + ".journal";
}

/// Checks that no output is the model's folder or archive.
void check_spares_model(const OutputFiles& outputs, const std::string& model) {
    if (!std::filesystem::is_directory(utf8_path(model))) {
        outputs.check_input("the model", model);
        return;
    }
    for (const auto& file : std::filesystem::directory_iterator(utf8_path(model))) {
        outputs.check_input("the model's file", utf8_text(file.path()));
    }
}

/// Checks that no output is a file that the run reads. @throws InvalidArgument
void check_outputs_spare_inputs(const PredictArguments& arguments, const StationTable& stations,
                                const Inputs& inputs) {
    auto outputs = output_files(arguments.outputs);
    if (const auto journal = journal_name(arguments); !journal.empty()) {
        outputs.add("the run's journal", utf8_path(journal));
    }
    const auto& lists = arguments.inputs;
    outputs.check_input("--filepaths_txt", lists.filepaths_txt);
    outputs.check_input("--folders_txt", lists.folders_txt);
    outputs.check_input("--instances_json", lists.instances_json);
    outputs.check_input("--detections_json", arguments.detections_json);
    outputs.check_input("--classifications_json", arguments.classifications_json);
    outputs.check_input("--species_list", arguments.local_species.species_list);
    outputs.check_input("--geofence_overlay", arguments.local_species.geofence_overlay);
    outputs.check_input("--target_species_txt", arguments.target_species_txt);
    outputs.check_input("--detector", arguments.detector);
    outputs.check_input("--stations", arguments.outputs.stations.stations);
    for (const auto& [station, list] : stations.species_lists()) {
        outputs.check_input("--stations: the species list", utf8_text(list));
    }
    outputs.check_input("--repeats", arguments.outputs.repeats);
    if (const auto& document = arguments.outputs.predictions_json; !document.empty()) {
        outputs.check_input("the journal of reviews",
                            utf8_text(review_journal_of(utf8_path(document))));
    }
    for (const auto& instance : inputs.instances) {
        outputs.check_input("the photo", file_of(instance.filepath));
    }
    check_spares_model(outputs, arguments.model);
}

Package open_model(const std::string& name, const std::string& detector) {
    const auto package = Package::open(name);
    return detector.empty() ? package : naming_flag("--detector", [&] {
        return package.with_detector(utf8_path(detector));
    });
}

/// Opens the journal beside the output; without an output, the run cannot be continued.
Journal open_journal(const PredictArguments& arguments, std::vector<JournalSetting> settings) {
    const auto name = journal_name(arguments);
    if (name.empty()) {
        return Journal(std::move(settings));
    }
    check_outputs_writable(arguments.outputs);
    return {utf8_path(name),
            arguments.ignore_existing_predictions ? Journal::Earlier::discarded
                                                  : Journal::Earlier::kept,
            std::move(settings)};
}

void recover(const PredictArguments& arguments, RunResults& results) {
    const auto recovered = results.recover();
    if (recovered.kept > 0) {
        say() << recovered.kept << " images were done before the last run was interrupted\n";
    }
    if (recovered.strangers > 0) {
        say() << "note: the interrupted run has done " << recovered.strangers
              << " images that are no longer among the photos\n";
    }
    if (recovered.damaged > 0) {
        say() << "note: " << recovered.damaged << " damaged lines of '" << journal_name(arguments)
              << "' were skipped; their images are processed again\n";
    }
}

/// Refuses to continue the journal of a run with other settings. @throws InvalidArgument
void check_same_settings(const Journal& journal, const std::vector<JournalSetting>& wanted,
                         const std::string& name) {
    const auto differences = different_settings(journal.settings(), wanted);
    if (differences.empty()) {
        return;
    }
    std::string lines;
    for (const auto& difference : differences) {
        lines += "\n  " + difference;
    }
    throw InvalidArgument("'" + name + "' holds " + std::to_string(journal.count_results()) +
                          " results of an interrupted run with other settings:" + lines +
                          "\nFinish that run with its settings, or name another output file. "
                          "(--ignore_existing_predictions would discard those results.)");
}

/// Keeps results that an earlier run wrote to the same output file.
void keep_output(const PredictArguments& arguments, const WantedAnswers& wanted,
                 const std::vector<Instance>& inputs, RunResults& results) {
    const auto& file = arguments.outputs.predictions_json;
    if (!std::filesystem::exists(utf8_path(file))) {
        return;
    }
    const auto kept = keep_earlier_output(file, wanted, inputs, results);
    if (kept.of_photos > 0) {
        say() << kept.of_photos << " of " << inputs.size() << " images are already in '" << file
              << "'\n";
    }
    if (kept.of_lost_photos > 0) {
        say() << "note: '" << file << "' has results of " << kept.of_lost_photos
              << " images that no longer exist; they stay in it\n";
    }
}

/// Returns whether locations are derived from photos and coordinates.
bool derives_countries(const PredictArguments& arguments) {
    return arguments.predict.geolocation.country_from_coordinates;
}

void note_places(const PredictArguments& arguments, const Package& package,
                 const std::vector<Instance>& photos) {
    const bool decides = !arguments.detector_only && !arguments.classifier_only;
    if (!arguments.load.geofence || !decides) {
        return;
    }
    const auto note = [](const std::string& text) { say() << "note: " << text << '\n'; };
    note_unknown_places(photos, package.geofence(), note);
    if (!derives_countries(arguments)) {
        PlaceCount count;
        for (const auto& photo : photos) {
            count.add(photo.location);
        }
        count.note(note);
    }
}

std::string describe_resumption(const PredictArguments& arguments) {
    if (journal_name(arguments).empty()) {
        return "; with --predictions_json, the same command would continue from there";
    }
    return std::string("; the same command") +
           (arguments.ignore_existing_predictions ? " without --ignore_existing_predictions" : "") +
           " continues from there";
}

/// Returns the number of photos after which the speed is known: one batch.
std::size_t first_photos(const PredictArguments& arguments) {
    return arguments.predict.batch_size;
}

void announce_duration(std::size_t done, std::size_t total,
                       std::chrono::steady_clock::time_point started, ProgressDisplay& display) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    const double rest =
        elapsed.count() * static_cast<double>(total - done) / static_cast<double>(done);
    constexpr double worth_saying = 20;
    if (rest > worth_saying) {
        display.message("speciesnet: " + std::to_string(total - done) + " more photos take about " +
                        describe_duration(rest));
    }
}

/// @throws Interrupted after a signal
void run_missing(const PredictArguments& arguments, const PredictionRun& run,
                 const std::vector<Instance>& inputs, RunResults& results, FailureReport& report,
                 ProgressDisplay& display) {
    const InterruptWatch watch;
    const auto total = results.missing();
    const auto started = std::chrono::steady_clock::now();
    try {
        run.run(
            results,
            [&](const Prediction& prediction) {
                report.add(prediction);
                if (arguments.announce_duration && report.finished() == first_photos(arguments)) {
                    announce_duration(report.finished(), total, started, display);
                }
                display.update(report.finished(), total);
            },
            watch.token());
    } catch (const Cancelled&) {
        display.message("speciesnet: stopped with " +
                        std::to_string(inputs.size() - results.missing()) + " of " +
                        std::to_string(inputs.size()) + " images done" +
                        describe_resumption(arguments));
        throw Interrupted{watch.signal()};
    }
}

/// Returns the information about the run for the outputs.
RunInfo run_info(const ModelInfo& model, const std::vector<JournalSetting>& settings,
                 const Inputs& inputs) {
    RunInfo run{.model_version = model.version, .demo = model.demo, .folders = inputs.folders};
    for (auto& [name, value] : settings_of_answers(settings)) {
        run.settings.emplace_back(name, value);
    }
    return run;
}

JsonOptions document_options(const PredictArguments& arguments) {
    JsonOptions options{.format = arguments.predict.format, .decimals = std::nullopt};
    if (arguments.detector_only) {
        options.stage = Stage::detector;
    } else if (arguments.classifier_only) {
        options.stage = Stage::classifier;
    }
    return options;
}

std::string count_of(std::size_t number, const char* one, const char* several) {
    return std::to_string(number) + ' ' + (number == 1 ? one : several);
}

/// Returns "12 photos", or "12 photos and 30 frames of 2 videos".
std::string describe_inputs(const std::vector<Instance>& inputs) {
    std::size_t photos = 0;
    std::size_t frames = 0;
    std::set<std::string> videos;
    for (const auto& input : inputs) {
        if (auto frame = frame_of(input.filepath)) {
            videos.insert(std::move(frame->video));
            ++frames;
        } else {
            ++photos;
        }
    }
    std::string text = photos > 0 || videos.empty() ? count_of(photos, "photo", "photos") : "";
    if (!videos.empty()) {
        text += (text.empty() ? "" : " and ") + count_of(frames, "frame", "frames") + " of " +
                count_of(videos.size(), "video", "videos");
    }
    return text;
}

/// Reports all files that were found, in one line.
void account_for_all(const Inputs& inputs, const FailureReport& report) {
    if (inputs.folders.empty() && inputs.not_taken.empty()) {
        return;
    }
    const auto failed = report.failed();
    say() << describe_inputs(inputs.instances) << ": " << inputs.instances.size() - failed
          << " done, " << failed << " failed";
    if (report.truncated() > 0) {
        std::cerr << "; truncated: " << report.truncated();
    }
    if (!inputs.not_taken.empty()) {
        std::cerr << "; skipped: " << inputs.not_taken.text();
    }
    std::cerr << '\n';
}

}  // namespace

ExitStatus predict(const PredictArguments& arguments) {
    check_predict_arguments(arguments);
    auto inputs = collect_inputs(arguments.inputs);
    const auto stations = read_stations(arguments.outputs.stations);
    check_local_species(arguments.local_species, stations);
    check_outputs_spare_inputs(arguments, stations, inputs);
    FetchOptions fetching;
    fetching.force = arguments.force_model_download;
    fetching.networks = !arguments.ensemble_only;
    const auto package =
        open_model(obtain_model(arguments.model, std::move(fetching)), arguments.detector);
    check_model_fits(arguments, package.info());
    const auto fit = fill_locations(stations, inputs.instances);
    fit.note([](const std::string& text) { say() << "note: " << text << '\n'; });
    note_places(arguments, package, inputs.instances);

    const auto settings = run_settings(arguments, package, stations);
    auto journal = open_journal(arguments, settings);
    check_same_settings(journal, settings, journal_name(arguments));
    RunResults results(inputs.instances, journal, run_info(package.info(), settings, inputs));
    recover(arguments, results);
    if (!ignores_existing(journal.settings())) {
        const WantedAnswers wanted{.components = components_of(arguments),
                                   .settings = settings_of_answers(settings),
                                   .model_version = package.info().version,
                                   .geolocation = geolocation_options(arguments)};
        keep_output(arguments, wanted, inputs.instances, results);
    }

    ProgressDisplay display(std::cerr, arguments.progress_bars ? ProgressDisplay::style_for_stderr()
                                                               : ProgressDisplay::Style::hidden);
    FailureReport report(display);
    if (results.missing() > 0) {
        const PredictionRun run(arguments, package, stations, inputs.instances);
        run_missing(arguments, run, inputs.instances, results, report, display);
    }
    if (arguments.load.geofence && derives_countries(arguments)) {
        PlaceCount count;
        results.for_each(
            [&count](const Prediction& prediction) { count.add(prediction.location); });
        count.note([](const std::string& text) { say() << "note: " << text << '\n'; });
    }
    const CorrectedResults corrected(results, utf8_path(arguments.outputs.predictions_json),
                                     corrections(arguments.outputs));
    const auto unwritten =
        write_outputs(arguments.outputs, document_options(arguments), results, corrected);
    if (unwritten > 0) {
        say() << "the results are kept; the same command writes the outputs again\n";
        return ExitStatus::could_not_run;
    }
    journal.remove();

    account_for_all(inputs, report);
    for (const auto& folder : inputs.unreadable_folders) {
        say() << "failed: folder " << folder << '\n';
    }
    if (report.failed() > 0) {
        say() << report.failed() << " of " << inputs.instances.size() << " images failed\n";
    }
    const bool failed = report.failed() > 0 || !inputs.unreadable_folders.empty();
    return failed ? ExitStatus::some_images_failed : ExitStatus::all_fine;
}

Command add_predict_command(CLI::App& program) {
    const auto arguments = std::make_shared<PredictArguments>();
    auto* command = program.add_subcommand(
        "predict", "Detects and classifies animals in photos; writes predictions as JSON");
    add_predict_flags(*command, *arguments);
    command->footer(
        "Examples:\n"
        "  speciesnet predict --model FOLDER --folders photos --country KEN "
        "--predictions_json out.json\n"
        "  speciesnet predict --model demo --filepaths a.jpg,b.jpg\n\n"
        "Exit status: 0 all fine, 1 some images failed, 2 wrong usage, 3 could not run.");
    return {command, [arguments] { return predict(*arguments); }};
}

}  // namespace speciesnet::cli
