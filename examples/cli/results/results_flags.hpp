// SPDX-License-Identifier: Apache-2.0
// Flags of all commands that read results.
#pragma once

#include "command_line.hpp"
#include "corrected_results.hpp"
#include "photo_answers.hpp"

#include <filesystem>
#include <string>

namespace speciesnet::cli {

/// Flags of commands that read results.
struct ResultsArguments {
    std::string predictions_json;
    Names names = Names::common;
    /// Boxes below this are mostly leaves and shadows. Source: MegaDetector's documentation
    /// recommends about 0.2 for version 5a.
    double threshold = usual_threshold;
    std::string repeats;

    CorrectionArguments corrections() const { return {.repeats = repeats, .threshold = threshold}; }
};

/// Adds only --names. @param names must outlive the parser
CLI::Option* add_names_flag(CLI::App& command, Names& names);

/// Adds only --threshold. @param threshold must outlive the parser
CLI::Option* add_threshold_flag(CLI::App& command, double& threshold);

/// Adds --predictions_json, --names, --threshold and --repeats. @param arguments must outlive the
/// parser
void add_results_flags(CLI::App& command, ResultsArguments& arguments);

/// Adds --photos_folder. @param folder must outlive the parser
void add_photos_folder_flag(CLI::App& command, std::filesystem::path& folder);

}  // namespace speciesnet::cli
