// SPDX-License-Identifier: Apache-2.0
// Runs predict, report and summary in turn, with common settings.
#include "run_command.hpp"

#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/atomic_file.hpp"
#include "flags/naming_flag.hpp"
#include "formats/workbook.hpp"
#include "predict/predict_arguments.hpp"
#include "predict/predict_command.hpp"
#include "summary/summary_command.hpp"
#include "terminal/standard_output.hpp"
#include "visualize/visualize_command.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

/// Default of seconds between photos of one burst.
constexpr int burst_gap = 60;

struct RunArguments {
    PredictArguments predict;
    fs::path output;
    bool blur_people = false;
};

/// A file in the output folder, and its purpose.
struct Product {
    const char* name;
    std::string OutputArguments::*flag;
    const char* purpose;
};

/// The journal is next to the first one.
std::vector<Product> products() {
    std::vector<Product> all{
        {"predictions.json", &OutputArguments::predictions_json,
         "all results, for `speciesnet convert`, `visualize` and `summary`"},
        {"photos.csv", &OutputArguments::csv, "one row per photo, for spreadsheets and R"},
        {"detections.csv", &OutputArguments::detections_csv, "one row per animal, person, vehicle"},
        {"bursts.csv", &OutputArguments::sequences_csv, "one row per burst, with one answer"},
        {"videos.csv", &OutputArguments::videos_csv, "one row per video, with one answer"},
        {"events.csv", &OutputArguments::events_csv, "one row per visit of a species to a station"},
        {"timelapse.json", &OutputArguments::megadetector_json,
         "MegaDetector's format, for Timelapse and the MegaDetector tools"},
        {"camtrap_dp", &OutputArguments::camtrap_dp, "a Camtrap DP package, for GBIF and Agouti"}};
    if (has_workbooks()) {
        all.insert(all.begin() + 6, {"tables.xlsx", &OutputArguments::xlsx,
                                     "these tables in one workbook, for Excel"});
    }
    return all;
}

constexpr const char* report_name = "report.html";

/// Returns "card_speciesnet" for ".../card": in the current folder, because cards may be
/// write-protected.
fs::path default_output(const std::vector<std::string>& folders) {
    if (folders.size() > 1) {
        return "speciesnet_results";
    }
    const auto folder = fs::absolute(utf8_path(folders.front())).lexically_normal();
    const auto name = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
    return utf8_path(utf8_text(name) + (name.empty() ? "speciesnet_results" : "_speciesnet"));
}

std::string list_of_products(const fs::path& output) {
    std::size_t widest = 0;
    std::vector<std::pair<std::string, std::string>> lines{
        {utf8_text(output / report_name), "open it in a browser"}};
    for (const auto& product : products()) {
        lines.emplace_back(utf8_text(output / product.name), product.purpose);
    }
    for (const auto& [file, purpose] : lines) {
        widest = std::max(widest, file.size());
    }
    std::string text = "\nResults:\n";
    for (const auto& [file, purpose] : lines) {
        text += "  " + file + std::string(widest + 2 - file.size(), ' ') + purpose + '\n';
    }
    return text;
}

ExitStatus run(RunArguments arguments) {
    auto& predicting = arguments.predict;
    if (arguments.output.empty()) {
        arguments.output = default_output(predicting.inputs.folders);
    }
    for (const auto& product : products()) {
        predicting.outputs.*product.flag = utf8_text(arguments.output / product.name);
    }
    if (!predicting.outputs.sequence_gap) {
        predicting.outputs.sequence_gap = burst_gap;
    }
    const bool is_new = !fs::exists(arguments.output);
    naming_flag("--output", [&] { make_folder(arguments.output); });
    std::cerr << "speciesnet: results go to '" << utf8_text(arguments.output) << "'\n";
    const auto predicted = [&] {
        try {
            return predict(predicting);
        } catch (...) {
            // A refused run leaves nothing behind; remove() removes only empty folders.
            if (std::error_code error; is_new) {
                fs::remove(arguments.output, error);
            }
            throw;
        }
    }();
    if (predicted == ExitStatus::could_not_run) {
        return predicted;
    }

    VisualizeArguments visualizing;
    visualizing.results.predictions_json = predicting.outputs.predictions_json;
    visualizing.results.repeats = predicting.outputs.repeats;
    visualizing.report_html = arguments.output / report_name;
    visualizing.stations = predicting.outputs.stations;
    visualizing.blur_people = arguments.blur_people;
    visualizing.jobs = predicting.predict.decoding_threads;
    visualizing.progress_bars = false;
    const auto reported = visualize(visualizing);

    const SummaryArguments summing{.results = visualizing.results};
    summarize(summing);
    print(list_of_products(arguments.output));
    return std::max(predicted, reported);
}

}  // namespace

Command add_run_command(CLI::App& program) {
    const auto arguments = std::make_shared<RunArguments>();
    auto& predicting = arguments->predict;
    predicting.model = default_model_name;
    predicting.announce_duration = true;
    predicting.inputs.folders_flag = "FOLDER";
    auto* const command =
        program.add_subcommand("run",
                               "Processes a folder of photos and videos; writes answers, tables "
                               "and a report; resumes an interrupted run");
    command
        ->add_option("FOLDER", predicting.inputs.folders,
                     "Folders to search for photos, recursively")
        ->required();
    add_exclude_flag(*command, predicting.inputs)->group("Photos");
    predicting.inputs.videos = true;
    add_video_flags(*command, predicting.inputs);
    add_place_flags(*command, predicting.inputs);
    command
        ->add_option("--output", arguments->output,
                     "Folder for the results; by default FOLDER's name with \"_speciesnet\" in the "
                     "current folder")
        ->type_name("FOLDER")
        ->group("Output");
    add_ignore_existing_flag(*command, predicting)->group("Output");
    command
        ->add_flag("--blur_people,!--noblur_people", arguments->blur_people,
                   "Make people in the report unrecognisable")
        ->group("Output");
    add_record_flags(*command, predicting.outputs);
    add_decision_flags(*command, predicting);
    add_model_flags(*command, predicting);
    add_running_flags(*command, predicting);
    command->footer(
        "Examples:\n"
        "  speciesnet run /media/card --country Kenya\n"
        "  speciesnet run season2026 --country_from_coordinates --coordinates_from_exif "
        "--utc_offset Africa/Nairobi\n\n"
        "The model is " +
        std::string(default_model_name) +
        " unless --model names another; it is downloaded on first use. Photos within " +
        std::to_string(burst_gap) +
        " seconds are a burst unless --sequence_gap is given. The same command continues an "
        "interrupted run, and adds new photos.\n\n"
        "Exit status: 0 all fine, 1 some photos failed, 2 wrong usage, 3 could not run.");
    return {command, [arguments] { return run(*arguments); }};
}

}  // namespace speciesnet::cli
