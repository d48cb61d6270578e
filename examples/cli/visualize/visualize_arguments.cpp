// SPDX-License-Identifier: Apache-2.0
// Flags are spelled as those of predict.
#include "visualize_arguments.hpp"

#include "speciesnet/error.hpp"

#include "flags/flag_checks.hpp"
#include "flags/progress_flag.hpp"

namespace speciesnet::cli {
namespace {

void add_output_flags(CLI::App& command, VisualizeArguments& arguments) {
    const std::string group = "Output";
    command
        .add_option("--output_folder", arguments.output_folder,
                    "Write a copy of each photo with boxes, labels and scores to this folder, in "
                    "the photos' subfolders")
        ->type_name("FOLDER")
        ->group(group);
    command
        .add_option("--crops_folder", arguments.crops_folder,
                    "Write the contents of each box to this folder, as PHOTO_NUMBER_SPECIES.jpg in "
                    "the photos' subfolders; with --blur_people, without people")
        ->type_name("FOLDER")
        ->group(group);
    command
        .add_option("--report_html", arguments.report_html,
                    "Write a page with all photos to this file: filters, counts per species, a "
                    "timeline; opens in any browser without a network")
        ->type_name("FILE")
        ->group(group);
    command
        .add_flag("--blur_people,!--noblur_people", arguments.blur_people,
                  "Make people unrecognisable in copies and report, irreversibly; blurs the whole "
                  "photo if the positions of people are unknown")
        ->group(group);
    command
        .add_option("--max_size", arguments.max_size,
                    "Maximum side of the copies, in pixels; the size of the photos unless given")
        ->type_name("PIXELS")
        ->check(at_least(1))
        ->group(group);
    command
        .add_option("--quality", arguments.quality,
                    "JPEG quality of copies and crops, 1 to 100; 90 unless given")
        ->type_name("N")
        ->check(CLI::Range(1, 100))
        ->group(group);
    command
        .add_option("--max_thumbnails", arguments.max_thumbnails,
                    "Maximum number of thumbnails in the report, about 20 KB each; further photos "
                    "are listed without; 3000 unless given")
        ->type_name("N")
        ->check(at_least(0))
        ->group(group);
}

}  // namespace

void add_visualize_flags(CLI::App& command, VisualizeArguments& arguments) {
    add_results_flags(command, arguments.results);
    add_photos_folder_flag(command, arguments.photos_folder);
    add_output_flags(command, arguments);
    add_station_flags(command, arguments.stations);
    command
        .add_option("--jobs", arguments.jobs,
                    "Number of photos to process in parallel; 2 unless given")
        ->type_name("N")
        ->check(CLI::Range(1, 256))
        ->group("Running");
    add_progress_flag(command, arguments.progress_bars);
}

void check_visualize_arguments(const VisualizeArguments& arguments) {
    if (arguments.output_folder.empty() && arguments.crops_folder.empty() &&
        arguments.report_html.empty()) {
        throw InvalidArgument("expected --output_folder, --crops_folder or --report_html");
    }
}

}  // namespace speciesnet::cli
