// `speciesnet model download NAME`: the published package, into the cache.
#include "speciesnet/download.hpp"

#include "download_display.hpp"
#include "fetch_flags.hpp"
#include "model_command.hpp"
#include "usage/usage_commands.hpp"

#include <iostream>
#include <memory>

namespace speciesnet::cli {
namespace {

struct DownloadArguments {
    std::string name = std::string(default_model_name);
    FetchOptions options{.newest = true};
};

ExitStatus download(const DownloadArguments& arguments) {
    auto options = arguments.options;
    std::filesystem::path folder;
    {
        DownloadDisplay display(std::cerr);
        options.progress = display.callback();
        folder = fetch_model(arguments.name, options);
    }
    std::cout << folder.native() << '\n';
    return ExitStatus::all_fine;
}

}  // namespace

Command add_model_download_command(CLI::App& model) {
    const auto arguments = std::make_shared<DownloadArguments>();
    auto* const command = model.add_subcommand(
        "download", "Downloads a model into the cache, unless it is there; prints its folder");
    command->add_option("name", arguments->name, "The model")
        ->type_name("NAME")
        ->capture_default_str();
    add_fetch_flags(*command, arguments->options);
    command->add_flag("--force", arguments->options.force,
                      "Download it again and replace what is there");
    command->footer(
        "Examples:\n"
        "  speciesnet model download kaggle:google/speciesnet/pyTorch/v4.0.1a\n"
        "  speciesnet model download hf:OWNER/REPOSITORY --cache /data/models\n\n" +
        exit_statuses_without_photos);
    return {command, [arguments] { return download(*arguments); }};
}

}  // namespace speciesnet::cli
