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

/// Flags that name photos. Exactly one of the first five must be given.
struct InputArguments {
    std::string instances_json;
    std::vector<std::string> filepaths;
    std::string filepaths_txt;
    std::vector<std::string> folders;
    const char* folders_flag = "--folders";  ///< What names them, for messages.
    std::string folders_txt;
    std::vector<std::string> exclude;
    bool videos = false;  ///< Take those in folders; those in lists are taken anyway.
    std::optional<double> frames_per_second;
    std::optional<std::size_t> every_nth_frame;
    std::string country;
    std::string admin1_region;
    bool places_as_given = false;
};

/// Adds the flags to a command; `arguments` must outlive the parser.
void add_input_flags(CLI::App& command, InputArguments& arguments);

/// Those of these flags that other commands have, too.
CLI::Option* add_exclude_flag(CLI::App& command, InputArguments& arguments);
void add_video_flags(CLI::App& command, InputArguments& arguments);
void add_place_flags(CLI::App& command, InputArguments& arguments);

/// Splits values of a list flag at commas; a value in double quotes keeps its commas, as in the
/// reference's flag library.
std::vector<std::string> split_list(const std::vector<std::string>& values);

/// What the flags name.
struct Inputs {
    std::vector<Instance> instances;
    std::vector<std::string> folders;  ///< That were searched, as the photos' paths begin.
    std::vector<std::string> unreadable_folders;  ///< Each with the reason.
    NotTaken not_taken;
};

/// Country and region of the flags, as geofences name them.
/// @throws InvalidArgument naming the flag
Location place_of(const InputArguments& arguments);

/// Collects the photos; country and region, where given, override those of all instances.
/// Source: utils.py, prepare_instances_dict.
/// @throws InvalidArgument naming the flag; IoError
Inputs collect_inputs(const InputArguments& arguments);

}  // namespace speciesnet::cli
