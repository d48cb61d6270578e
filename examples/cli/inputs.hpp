// The photos a command works on, from any of the ways to name them.
#pragma once

#include "speciesnet/prediction.hpp"

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace speciesnet::cli {

/// Flags that name photos. Exactly one of the first five must be given.
struct InputArguments {
    std::string instances_json;
    std::vector<std::string> filepaths;
    std::string filepaths_txt;
    std::vector<std::string> folders;
    std::string folders_txt;
    std::string country;
    std::string admin1_region;
};

/// Adds the flags to a command; `arguments` must outlive the parser.
void add_input_flags(CLI::App& command, InputArguments& arguments);

/// What the flags name.
struct Inputs {
    std::vector<Instance> instances;
    std::vector<std::string> unreadable_folders;  ///< Each with the reason.
};

/// Collects the photos; country and region, where given, override those of all instances.
/// Source: utils.py, prepare_instances_dict.
/// @throws InvalidArgument naming the flag; IoError
Inputs collect_inputs(const InputArguments& arguments);

}  // namespace speciesnet::cli
