// SPDX-License-Identifier: Apache-2.0
// `speciesnet model compile NAME`: compiles networks for a CPU.
#include "speciesnet/compile.hpp"
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/image.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download_display.hpp"
#include "flags/fetch_flags.hpp"
#include "flags/precision_flag.hpp"
#include "model_command.hpp"
#include "photos/folder_scan.hpp"
#include "usage/usage_commands.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {
namespace {

struct CompileArguments {
    std::string name;
    std::string target;
    std::string precision = "fp32";
    std::string calibration_folder;
    FetchOptions options;
};

/// The most photos of a folder that are used: more would change the ranges little.
constexpr std::size_t most_calibration_photos = 200;

/// Returns whether a photo can be decoded; prints why not. One damaged photo of a season must not
/// end a calibration of many minutes.
bool can_be_decoded(const std::string& photo) {
    try {
        static_cast<void>(decode_file(utf8_path(photo)));
        return true;
    } catch (const Error& error) {
        std::cerr << "skipped for calibration: " << photo << ": " << error.what() << '\n';
        return false;
    }
}

/// Returns photos at even distances, so that all cameras and seasons of a folder are included.
std::vector<std::string> calibration_photos(const std::string& folder) {
    const auto found = scan_folders({folder}, {}).files;
    if (found.empty()) {
        throw InvalidArgument("'" + folder +
                              "' has no photos: --calibrate needs a folder of photos that look "
                              "like those that the model will be given");
    }
    const std::size_t count = std::min(found.size(), most_calibration_photos);
    std::vector<std::string> photos;
    for (std::size_t i = 0; i < count; ++i) {
        photos.push_back(found[i * found.size() / count]);
    }
    std::erase_if(photos, [](const std::string& photo) { return !can_be_decoded(photo); });
    if (photos.empty()) {
        throw InvalidArgument("none of the photos in '" + folder +
                              "' can be used for calibration: none of them can be decoded");
    }
    return photos;
}

ExitStatus compile(const CompileArguments& arguments) {
    CompileOptions compiling{.precision = precision_from_name(arguments.precision),
                             .target = arguments.target};
    if (!arguments.calibration_folder.empty()) {
        compiling.calibration_photos = calibration_photos(arguments.calibration_folder);
    }
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
    const std::size_t photos =
        compiling.calibration_photos ? compiling.calibration_photos->size() : 0;
    compiling.progress = [photos, seen = std::size_t{0}](std::string_view file) mutable {
        if (seen < photos) {
            ++seen;
            std::cerr << "calibrating " << seen << '/' << photos << ": " << file << '\n';
        } else {
            std::cerr << "compiling " << file << '\n';
        }
    };
    const auto networks = compile_package(utf8_path(folder), compiling);
    for (const auto& network : networks) {
        if (network.compiled.empty()) {
            std::cerr << network.network << " was not compiled: " << network.reason << '\n';
        } else {
            std::cerr << network.network << " -> " << network.compiled << " ("
                      << describe_bytes(network.bytes) << ") in " << std::fixed
                      << std::setprecision(1) << network.seconds << " s\n";
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
    command
        ->add_option("--calibrate", arguments->calibration_folder,
                     "Folder of photos from which the ranges of feature maps are determined, for "
                     "--precision int8; at most " +
                         std::to_string(most_calibration_photos) + " are used")
        ->type_name("FOLDER");
    add_fetch_flags(*command, arguments->options);
    command->footer(
        "Answers stay the same, except with --calibrate. The files are for one kind of CPU and "
        "one\n"
        "precision, and as large as the networks. Other machines use the networks. A package may "
        "be\n"
        "shipped with compiled files instead of its networks.\n\n"
        "Examples:\n"
        "  speciesnet model compile kaggle:google/speciesnet/pyTorch/v4.0.1a\n"
        "  speciesnet model compile models/speciesnet --target avx2\n"
        "  speciesnet model compile models/speciesnet --precision int8 --calibrate photos\n\n" +
        exit_statuses_without_photos);
    return {command, [arguments] { return compile(*arguments); }};
}

}  // namespace speciesnet::cli
