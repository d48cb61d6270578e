// SPDX-License-Identifier: Apache-2.0
// The flags of `speciesnet visualize`.
#pragma once

#include "command_line.hpp"
#include "results/results_flags.hpp"
#include "stations/station_flags.hpp"

#include <cstddef>
#include <filesystem>

namespace speciesnet::cli {

struct VisualizeArguments {
    ResultsArguments results;
    std::filesystem::path photos_folder;
    StationArguments stations;
    std::filesystem::path output_folder;
    std::filesystem::path crops_folder;
    std::filesystem::path report_html;
    bool blur_people = false;
    int max_size = 0;  ///< 0 for the size of the photos.
    int quality = 90;
    std::size_t max_thumbnails = 3000;
    std::size_t jobs = 2;
    bool progress_bars = true;
};

/// Adds the flags to a command; `arguments` must outlive the parser.
void add_visualize_flags(CLI::App& command, VisualizeArguments& arguments);

/// Checks the combination of flags. @throws InvalidArgument
void check_visualize_arguments(const VisualizeArguments& arguments);

}  // namespace speciesnet::cli
