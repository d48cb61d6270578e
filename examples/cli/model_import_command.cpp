// `speciesnet model import NAME`: pickled networks become TorchScript.
#include "speciesnet/download.hpp"
#include "speciesnet/import.hpp"

#include "download_display.hpp"
#include "fetch_flags.hpp"
#include "model_command.hpp"
#include "usage/usage_commands.hpp"

#include <iostream>
#include <memory>

namespace speciesnet::cli {
namespace {

struct ImportArguments {
    std::string name;
    std::filesystem::path output;
    FetchOptions options;
};

void report(const ImportReport& import) {
    for (const auto& network : import.networks) {
        std::cerr << network.published << " (" << describe_bytes(network.published_bytes) << ") -> "
                  << network.imported << " (" << describe_bytes(network.imported_bytes) << ") in "
                  << network.seconds << " s\n";
    }
    std::cerr << "imported in " << import.seconds << " s with at most "
              << describe_bytes(import.peak_memory_bytes) << " of memory\n";
}

ExitStatus import(const ImportArguments& arguments) {
    auto options = arguments.options;
    std::string folder;
    {
        DownloadDisplay display(std::cerr);
        options.progress = display.callback();
        folder = arguments.output.empty() ? resolve_model(arguments.name, options)
                                          : fetch_model(arguments.name, options).string();
    }
    if (!arguments.output.empty()) {
        report(import_package(folder, arguments.output));
        folder = arguments.output.string();
    }
    std::cout << folder << '\n';
    return ExitStatus::all_fine;
}

}  // namespace

Command add_model_import_command(CLI::App& model) {
    const auto arguments = std::make_shared<ImportArguments>();
    auto* const command = model.add_subcommand(
        "import",
        "Turns a model's pickled networks into TorchScript, without Python; prints the folder");
    command->add_option("name", arguments->name, "The model")->type_name("NAME")->required();
    command
        ->add_option(
            "--output", arguments->output,
            "Folder for the result, which must not exist or be empty (default: in the cache)")
        ->type_name("FOLDER");
    add_fetch_flags(*command, arguments->options);
    command->footer(
        "Example:\n"
        "  speciesnet model import ./package --output ./converted\n\n" +
        exit_statuses_without_photos);
    return {command, [arguments] { return import(*arguments); }};
}

}  // namespace speciesnet::cli
