// SPDX-License-Identifier: Apache-2.0
// `speciesnet model compile NAME`: compiles networks for a CPU.
#include "speciesnet/compile.hpp"
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download_display.hpp"
#include "flags/fetch_flags.hpp"
#include "flags/precision_flag.hpp"
#include "model_command.hpp"
#include "usage/usage_commands.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

namespace speciesnet::cli {
namespace {

struct CompileArguments {
    std::string name;
    std::string target;
    std::string precision = "fp32";
    FetchOptions options;
};

ExitStatus compile(const CompileArguments& arguments) {
    if (arguments.name == demo_model_name) {
        throw InvalidArgument(
            "the demonstration model cannot be compiled, because it is part of the library and has "
            "no folder");
    }
    auto options = arguments.options;
    std::string folder;
    {
        DownloadDisplay display(std::cerr);
        options.progress = display.callback();
        folder = resolve_model(arguments.name, options);
    }
    const CompileOptions compiling{
        .precision = precision_from_name(arguments.precision),
        .target = arguments.target,
        .progress = [](std::string_view file) { std::cerr << "compiling " << file << '\n'; }};
    const auto networks = compile_package(utf8_path(folder), compiling);
    for (const auto& network : networks) {
        if (network.compiled.empty()) {
            std::cerr << network.network << " was not compiled: " << network.reason << '\n';
        } else {
            std::cerr << network.network << " -> " << network.compiled << " ("
                      << describe_bytes(network.bytes) << ") in " << network.seconds << " s\n";
        }
    }
    std::cout << folder << '\n';
    const bool none = std::ranges::all_of(
        networks, [](const CompiledNetwork& network) { return network.compiled.empty(); });
    return none ? ExitStatus::could_not_run : ExitStatus::all_fine;
}

}  // namespace

Command add_model_compile_command(CLI::App& model) {
    const auto arguments = std::make_shared<CompileArguments>();
    auto* const command =
        model.add_subcommand("compile",
                             "Compiles a model's networks for a CPU, so that programs start faster "
                             "and use less memory; prints the folder");
    command->add_option("name", arguments->name, "The model")->type_name("NAME")->required();
    command
        ->add_option("--target", arguments->target,
                     "Instruction set of the target machine: portable (any CPU), avx2, avx512, amx "
                     "or neon; the best of this CPU unless given")
        ->type_name("NAME")
        ->check(CLI::IsMember({"portable", "avx2", "avx512", "amx", "neon"}));
    add_precision_flag(*command, arguments->precision);
    add_fetch_flags(*command, arguments->options);
    command->footer(
        "Answers stay the same. The files are for one kind of CPU and one precision, and as large "
        "as\n"
        "the networks. Other machines use the networks. A package may be shipped with\n"
        "compiled files instead of its networks.\n\n"
        "Examples:\n"
        "  speciesnet model compile kaggle:google/speciesnet/pyTorch/v4.0.1a\n"
        "  speciesnet model compile models/speciesnet --target avx2\n\n" +
        exit_statuses_without_photos);
    return {command, [arguments] { return compile(*arguments); }};
}

}  // namespace speciesnet::cli
