// SPDX-License-Identifier: Apache-2.0
// `speciesnet model info NAME`: shows a package's description and files.
#include "speciesnet/compile.hpp"
#include "speciesnet/describe_network.hpp"
#include "speciesnet/download.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download_display.hpp"
#include "flags/fetch_flags.hpp"
#include "model_command.hpp"
#include "usage/usage_commands.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace speciesnet::cli {
namespace {

struct InfoArguments {
    std::string name;
    std::filesystem::path cache;
    bool graph = false;
};

void print(const char* what, const std::string& value) {
    std::cout << what << '\t' << value << '\n';
}

/// Returns all compiled files, for any CPU, sorted by name.
std::vector<std::filesystem::path> compiled_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == compiled_extension && entry.is_regular_file()) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

ExitStatus show(const InfoArguments& arguments) {
    const bool is_demo = arguments.name == demo_model_name;
    const std::string place =
        is_demo ? arguments.name : utf8_text(local_package(arguments.name, arguments.cache));
    const auto package = Package::open(place);
    const auto& info = package.info();
    // Done before anything is printed, because a network may be damaged.
    std::string graphs;
    if (arguments.graph) {
        for (const auto& network : {info.detector, info.classifier}) {
            graphs += "graph\t" + network + "\n" + describe_network(package.read(network));
        }
    }
    print("version", info.version);
    print("type", info.type == ModelType::always_crop ? "always_crop" : "full_image");
    if (!info.description.empty()) {
        print("description", info.description);
    }
    if (!is_demo) {
        print("folder", place);
    }
    const auto compiled =
        is_demo ? std::vector<std::filesystem::path>() : compiled_files(utf8_path(place));
    for (const auto& name : {info.detector, info.classifier}) {
        // There may be only a compiled form of the network.
        if (const auto file =
                compiled.empty() ? std::optional(package.read(name)) : package.find(name)) {
            print("file", name + "\t" + describe_bytes(file->content().size()));
        }
    }
    for (const auto& name : {info.classifier_labels, info.taxonomy, info.geofence}) {
        print("file", name + "\t" + describe_bytes(package.read(name).content().size()));
    }
    for (const auto& file : compiled) {
        print("file",
              utf8_text(file.filename()) + "\t" + describe_bytes(std::filesystem::file_size(file)));
    }
    std::cout << graphs;
    return ExitStatus::all_fine;
}

}  // namespace

Command add_model_info_command(CLI::App& model) {
    const auto arguments = std::make_shared<InfoArguments>();
    auto* const command =
        model.add_subcommand("info", "Shows version, type and files of a model on this machine");
    command->add_option("name", arguments->name, "The model")->type_name("NAME")->required();
    add_cache_flag(*command, arguments->cache);
    command->add_flag("--graph", arguments->graph,
                      "Print the operations of the networks, one per line, with their weights");
    command->footer(
        "Example:\n"
        "  speciesnet model info demo\n\n" +
        exit_statuses_without_photos);
    return {command, [arguments] { return show(*arguments); }};
}

}  // namespace speciesnet::cli
