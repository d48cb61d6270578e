// SPDX-License-Identifier: Apache-2.0
// Collects detections, writes repeats as a table, and draws examples on a page.
#include "repeats_command.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/atomic_file.hpp"
#include "files/text_file.hpp"
#include "flags/flag_checks.hpp"
#include "flags/naming_flag.hpp"
#include "flags/progress_flag.hpp"
#include "formats/relative_paths.hpp"
#include "output/output_files.hpp"
#include "repeat_decisions.hpp"
#include "repeat_finder.hpp"
#include "repeat_page.hpp"
#include "results/corrected_results.hpp"
#include "results/results_flags.hpp"
#include "terminal/interrupt_watch.hpp"
#include "terminal/progress_display.hpp"
#include "terminal/standard_output.hpp"
#include "video/frame_name.hpp"
#include "visualize/ordered_jobs.hpp"
#include "visualize/photo_tree.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

struct RepeatsArguments {
    std::string predictions_json;
    fs::path photos_folder;
    fs::path output;
    fs::path page;
    RepeatOptions options;
    std::size_t jobs = 2;
    bool progress_bars = true;
};

OutputFiles checked_outputs(const RepeatsArguments& arguments) {
    OutputFiles outputs;
    for (const auto& [flag, file] :
         {std::pair("--output", arguments.output), std::pair("--report_html", arguments.page)}) {
        if (!file.empty()) {
            outputs.add(flag, file);
            naming_flag(flag, [&file = file] { check_writable(file); });
        }
    }
    outputs.check_input("the document", arguments.predictions_json);
    return outputs;
}

/// Preserves earlier decisions.
void keep_decisions(const fs::path& file, std::vector<FoundRepeat>& repeats) {
    if (!fs::exists(file)) {
        return;
    }
    const auto earlier = naming_flag("--output", [&] { return RepeatDecisions::load(file); });
    for (auto& [repeat, examples] : repeats) {
        const auto decision = earlier.decision(
            repeat.folder, {.category = repeat.category, .conf = 1, .bbox = repeat.bbox});
        repeat.suppress = decision.value_or(repeat.suppress);
    }
}

void write_page(const RepeatsArguments& arguments, const PhotoTree& tree,
                const std::vector<FoundRepeat>& repeats) {
    AtomicFile file(arguments.page);
    RepeatPage page("Repeats in " + utf8_text(utf8_path(arguments.predictions_json).filename()),
                    utf8_text(arguments.output.filename()), arguments.options.tolerance,
                    [&file](std::string_view piece) { file.write(piece); });
    const InterruptWatch watch;
    ProgressDisplay display(std::cerr, arguments.progress_bars ? ProgressDisplay::style_for_stderr()
                                                               : ProgressDisplay::Style::hidden);
    std::size_t done = 0;
    OrderedJobs<RepeatCrops> jobs(arguments.jobs, [&](RepeatCrops&& crops) {
        page.add(repeats[done].repeat, crops);
        display.update(++done, repeats.size());
    });
    for (const auto& found : repeats) {
        if (watch.token().stop_requested()) {
            throw Interrupted{watch.signal()};
        }
        jobs.submit([&] {
            RepeatCrops crops;
            for (const auto& [photo, box] : found.examples) {
                crops.push_back(draw_crop(tree.photo(photo), box));
            }
            return crops;
        });
    }
    jobs.finish();
    page.finish();
    file.publish();
}

std::string summary_of(const RepeatsArguments& arguments, const std::vector<FoundRepeat>& repeats) {
    if (repeats.empty()) {
        return "No box occurs " + std::to_string(arguments.options.least) +
               " times at one place of a camera\n";
    }
    std::size_t detections = 0;
    for (const auto& found : repeats) {
        detections += found.repeat.detections;
    }
    std::string text =
        std::to_string(repeats.size()) + (repeats.size() == 1 ? " repeat" : " repeats") + " of " +
        std::to_string(detections) + " detections: '" + utf8_text(arguments.output) + "'\n";
    if (!arguments.page.empty()) {
        text += "Review them: '" + utf8_text(arguments.page) + "'\n";
    }
    return text + "Without them: speciesnet convert '" + arguments.predictions_json +
           "' --repeats '" + utf8_text(arguments.output) + "' --csv photos.csv\n";
}

ExitStatus find_repeats(const RepeatsArguments& arguments) {
    const auto outputs = checked_outputs(arguments);
    const CorrectedDocument results(arguments.predictions_json, {});
    PhotoTree tree(arguments.photos_folder);
    results.for_each([&](const Prediction& prediction) { tree.add(prediction.filepath); });
    results.for_each([&](const Prediction& prediction) {
        outputs.check_input("the photo", file_of(utf8_text(tree.photo(prediction.filepath))));
    });
    const RelativePaths paths(results, std::nullopt);
    RepeatFinder finder(arguments.options);
    results.for_each([&](const Prediction& prediction) {
        if (results.review_of(prediction.filepath) == nullptr) {
            finder.add(paths.camera_folder_of(prediction.filepath), prediction);
        }
    });
    auto repeats = finder.take();
    keep_decisions(arguments.output, repeats);
    std::vector<Repeat> rows;
    for (const auto& found : repeats) {
        rows.push_back(found.repeat);
    }
    write_text_file(arguments.output, repeats_csv(rows, arguments.options.tolerance));
    if (!arguments.page.empty()) {
        write_page(arguments, tree, repeats);
    }
    print(summary_of(arguments, repeats));
    return ExitStatus::all_fine;
}

}  // namespace

Command add_repeats_command(CLI::App& program) {
    const auto arguments = std::make_shared<RepeatsArguments>();
    auto* const command =
        program.add_subcommand("repeats", "Finds boxes that recur at one place of a camera");
    command
        ->add_option("FILE,--predictions_json", arguments->predictions_json,
                     "Predictions written by `speciesnet run`, `predict` or the reference")
        ->type_name("FILE")
        ->required()
        ->group("Results");
    add_photos_folder_flag(*command, arguments->photos_folder);
    command
        ->add_option("--output", arguments->output,
                     "Write the table of repeats to this file, for --repeats of other commands; "
                     "decisions in an existing file are kept")
        ->type_name("FILE")
        ->required()
        ->group("Output");
    command
        ->add_option("--report_html", arguments->page,
                     "Write a page that shows each repeat, for deciding which to suppress")
        ->type_name("FILE")
        ->group("Output");
    const std::string group = "Definition of a repeat";
    command
        ->add_option("--least", arguments->options.least,
                     "Minimum number of detections of a repeat; 20 unless given")
        ->type_name("N")
        ->check(at_least(2))
        ->group(group);
    command
        ->add_option(
            "--tolerance", arguments->options.tolerance,
            "Minimum overlap of two boxes at one place, intersection over union; 0.9 unless given")
        ->type_name("IOU")
        ->check(CLI::Range(BoxGrid::least_tolerance, BoxGrid::greatest_tolerance))
        ->group(group);
    command
        ->add_option("--threshold", arguments->options.threshold,
                     "Minimum confidence of detections that count; 0.1 unless given")
        ->type_name("CONF")
        ->check(CLI::Range(0.0, 1.0))
        ->group(group);
    command
        ->add_option("--greatest_area", arguments->options.greatest_area,
                     "Maximum area of a box, as a part of the image; larger ones are often animals "
                     "at rest; 0.2 unless given")
        ->type_name("PART")
        ->check(CLI::Range(0.0, 1.0))
        ->group(group);
    command
        ->add_option("--jobs", arguments->jobs,
                     "Number of repeats to draw in parallel; 2 unless given")
        ->type_name("N")
        ->check(CLI::Range(1, 256))
        ->group("Running");
    add_progress_flag(*command, arguments->progress_bars);
    command->footer(
        "Examples:\n"
        "  speciesnet repeats season_speciesnet/predictions.json --output repeats.csv "
        "--report_html repeats.html\n"
        "  speciesnet convert season_speciesnet/predictions.json --repeats repeats.csv --csv "
        "photos.csv\n\n"
        "Exit status: 0 all fine, 2 wrong usage or document, 3 could not read or write.");
    return {command, [arguments] { return find_repeats(*arguments); }};
}

}  // namespace speciesnet::cli
