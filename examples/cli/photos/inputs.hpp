// SPDX-License-Identifier: Apache-2.0
// The photos of a command, from any of its input flags.
#pragma once

#include "speciesnet/prediction.hpp"

#include "command_line.hpp"
#include "folder_scan.hpp"
#include "video/video_inputs.hpp"

#include <optional>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// Flags that name photos. Exactly one of the first five is required.
struct InputArguments {
    std::string instances_json;
    std::vector<std::string> filepaths;
    std::string filepaths_txt;
    std::vector<std::string> folders;
    const char* folders_flag = "--folders";  ///< The flag that names them, for messages.
    std::string folders_txt;
    std::vector<std::string> exclude;
    bool videos = false;  ///< Include videos in folders; those in lists are always included.
    std::optional<double> frames_per_second;
    std::optional<std::size_t> every_nth_frame;
    std::string country;
    std::string admin1_region;
    bool places_as_given = false;
};

/// Adds the flags to a command; `arguments` must outlive the parser.
void add_input_flags(CLI::App& command, InputArguments& arguments);

/// Adds only --exclude, which other commands also have.
CLI::Option* add_exclude_flag(CLI::App& command, InputArguments& arguments);
void add_video_flags(CLI::App& command, InputArguments& arguments);
void add_place_flags(CLI::App& command, InputArguments& arguments);

/// Splits values of a list flag at commas; a value in double quotes keeps its commas, as in the
/// reference's flag library.
std::vector<std::string> split_list(const std::vector<std::string>& values);

/// The inputs that the flags select.
struct Inputs {
    std::vector<Instance> instances;
    std::vector<std::string>
        folders;  ///< The folders that were searched, spelled as in the photos' paths.
    std::vector<std::string> unreadable_folders;  ///< With the reasons.
    NotTaken not_taken;
};

/// Returns country and region from the flags, in the geofence's form.
/// @throws InvalidArgument naming the flag
Location place_of(const InputArguments& arguments);

/// Collects the photos. Country and region in the flags override those of all instances.
/// Source: utils.py, prepare_instances_dict.
/// @throws InvalidArgument naming the flag; IoError
Inputs collect_inputs(const InputArguments& arguments);

}  // namespace speciesnet::cli
