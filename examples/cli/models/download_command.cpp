// SPDX-License-Identifier: Apache-2.0
// `speciesnet model download NAME`: downloads a package into the cache.
#include "speciesnet/download.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download_display.hpp"
#include "flags/fetch_flags.hpp"
#include "model_command.hpp"
#include "network_identity.hpp"
#include "terminal/standard_output.hpp"
#include "usage/usage_commands.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <string>

namespace speciesnet::cli {
namespace {

struct DownloadArguments {
    std::string name = std::string(default_model_name);
    FetchOptions options{.newest = true};
    bool json = false;
};

std::string as_json(const std::filesystem::path& folder,
                    std::span<const IdentifiedNetwork> networks) {
    JsonWriter json(1);
    json.begin_object();
    json.key("folder").value(utf8_text(folder));
    write_networks(json, networks);
    json.end_object();
    return json.take() + '\n';
}

ExitStatus download(const DownloadArguments& arguments) {
    auto options = arguments.options;
    std::filesystem::path folder;
    {
        DownloadDisplay display(std::cerr);
        options.progress = display.callback();
        folder = fetch_model(arguments.name, options);
    }
    const auto networks = identify_networks(folder);
    if (arguments.json) {
        print(as_json(folder, networks));
        return ExitStatus::all_fine;
    }
    print(utf8_text(folder) + '\n');
    // Not on standard output, where scripts expect only the folder.
    for (const auto& network : networks) {
        std::cerr << network.path << ' ' << describe(network) << '\n';
    }
    return ExitStatus::all_fine;
}

}  // namespace

Command add_model_download_command(CLI::App& model) {
    const auto arguments = std::make_shared<DownloadArguments>();
    auto* const command = model.add_subcommand(
        "download",
        "Downloads a model into the cache, unless it is there already; prints its folder");
    command->add_option("name", arguments->name, "The model")
        ->type_name("NAME")
        ->capture_default_str();
    add_fetch_flags(*command, arguments->options);
    command->add_flag("--force", arguments->options.force,
                      "Download the model again and replace it");
    command->add_flag(
        "--json", arguments->json,
        "Print the folder, and whether the networks are the published files, as JSON");
    command->footer(
        "Examples:\n"
        "  speciesnet model download kaggle:google/speciesnet/pyTorch/v4.0.1a\n"
        "  speciesnet model download hf:OWNER/REPOSITORY --cache /data/models\n\n" +
        exit_statuses_without_photos);
    return {command, [arguments] { return download(*arguments); }};
}

}  // namespace speciesnet::cli
