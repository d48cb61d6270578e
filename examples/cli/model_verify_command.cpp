// `speciesnet model verify NAME`: every file against the SHA-256 that was recorded.
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"

#include "fetch_flags.hpp"
#include "model_command.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

namespace speciesnet::cli {
namespace {

struct VerifyArguments {
    std::string name;
    std::filesystem::path cache;
};

const char* describe(FileCondition condition) {
    switch (condition) {
        case FileCondition::intact:
            return "intact";
        case FileCondition::changed:
            return "CHANGED";
        case FileCondition::missing:
            return "MISSING";
        case FileCondition::unrecorded:
            return "UNRECORDED";
    }
    return "";
}

ExitStatus verify(const VerifyArguments& arguments) {
    const auto files = verify_package(local_package(arguments.name, arguments.cache));
    for (const auto& file : files) {
        std::cout << describe(file.condition) << '\t' << file.path << '\n';
    }
    const auto differing = std::count_if(files.begin(), files.end(), [](const auto& file) {
        return file.condition != FileCondition::intact;
    });
    if (differing > 0) {
        throw ModelError(ErrorCode::model_invalid,
                         std::to_string(differing) + " of " + std::to_string(files.size()) +
                             " files are not as they were downloaded; get them again with "
                             "`speciesnet model download --force`");
    }
    return ExitStatus::all_fine;
}

}  // namespace

Command add_model_verify_command(CLI::App& model) {
    const auto arguments = std::make_shared<VerifyArguments>();
    auto* const command = model.add_subcommand(
        "verify", "Checks that a model's files are still as they were downloaded");
    command->add_option("name", arguments->name, "The model")->type_name("NAME")->required();
    add_cache_flag(*command, arguments->cache);
    command->footer(
        "Example:\n"
        "  speciesnet model verify kaggle:google/speciesnet/pyTorch/v4.0.1a\n\n"
        "Exit status: 0 all intact, 2 wrong usage, 3 a file is changed or missing, or could not "
        "run.");
    return {command, [arguments] { return verify(*arguments); }};
}

}  // namespace speciesnet::cli
