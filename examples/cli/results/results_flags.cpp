// SPDX-License-Identifier: Apache-2.0
// Flags of all commands that read results.
#include "results_flags.hpp"

#include "flags/flag_checks.hpp"

#include <map>

namespace speciesnet::cli {

CLI::Option* add_names_flag(CLI::App& command, Names& names) {
    return command.add_option("--names", names, "Names of animals: common (default) or scientific")
        ->transform(one_of<Names>({{"common", Names::common}, {"scientific", Names::scientific}}))
        ->type_name("NAMES");
}

CLI::Option* add_threshold_flag(CLI::App& command, double& threshold) {
    return command
        .add_option("--threshold", threshold,
                    "Minimum confidence of detections that count or are drawn; 0.2 unless given")
        ->type_name("CONF")
        ->check(CLI::Range(0.0, 1.0));
}

void add_results_flags(CLI::App& command, ResultsArguments& arguments) {
    const std::string group = "Results";
    command
        .add_option("FILE,--predictions_json", arguments.predictions_json,
                    "Predictions written by `speciesnet predict` or the reference, with one answer "
                    "per detection or per image")
        ->type_name("FILE")
        ->required()
        ->group(group);
    add_names_flag(command, arguments.names)->group(group);
    add_threshold_flag(command, arguments.threshold)->group(group);
    add_repeats_flag(command, arguments.repeats)->group(group);
}

void add_photos_folder_flag(CLI::App& command, std::filesystem::path& folder) {
    command
        .add_option(
            "--photos_folder", folder,
            "Folder to which paths in the results are relative; the current folder unless given")
        ->type_name("FOLDER")
        ->group("Results");
}

}  // namespace speciesnet::cli
