// SPDX-License-Identifier: Apache-2.0
// `speciesnet model export NAME`: writes networks as TorchScript.
#include "speciesnet/download.hpp"
#include "speciesnet/torchscript_export.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download_display.hpp"
#include "flags/fetch_flags.hpp"
#include "model_command.hpp"
#include "usage/usage_commands.hpp"

#include <iostream>
#include <memory>

namespace speciesnet::cli {
namespace {

struct ExportArguments {
    std::string name;
    std::filesystem::path output;
    FetchOptions options;
};

void report(const ExportReport& report) {
    for (const auto& network : report.networks) {
        std::cerr << network.published << " (" << describe_bytes(network.published_bytes) << ") -> "
                  << network.exported << " (" << describe_bytes(network.exported_bytes) << ") in "
                  << network.seconds << " s\n";
    }
    std::cerr << "exported in " << report.seconds << " s\n";
}

ExitStatus run_export(const ExportArguments& arguments) {
    auto options = arguments.options;
    std::string folder;
    {
        DownloadDisplay display(std::cerr);
        options.progress = display.callback();
        folder = utf8_text(fetch_model(arguments.name, options));
    }
    report(export_package(utf8_path(folder), arguments.output));
    std::cout << utf8_text(arguments.output) << '\n';
    return ExitStatus::all_fine;
}

}  // namespace

Command add_model_export_command(CLI::App& model) {
    const auto arguments = std::make_shared<ExportArguments>();
    auto* const command = model.add_subcommand("export",
                                               "Writes a package with TorchScript networks, for "
                                               "programs that use PyTorch; prints the folder");
    command->add_option("name", arguments->name, "The model")->type_name("NAME")->required();
    command
        ->add_option("--output", arguments->output, "Folder for the result, nonexistent or empty")
        ->type_name("FOLDER")
        ->required();
    add_fetch_flags(*command, arguments->options);
    command->footer(
        "Requires LibTorch. This program loads published networks directly and needs no export.\n\n"
        "Example:\n"
        "  speciesnet model export ./package --output ./exported\n\n" +
        exit_statuses_without_photos);
    return {command, [arguments] { return run_export(*arguments); }};
}

}  // namespace speciesnet::cli
