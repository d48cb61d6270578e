// SPDX-License-Identifier: Apache-2.0
// `speciesnet model remove NAME`: deletes a model from the cache.
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"

#include "flags/fetch_flags.hpp"
#include "model_command.hpp"
#include "usage/usage_commands.hpp"

#include <memory>

namespace speciesnet::cli {
namespace {

struct RemoveArguments {
    std::string name;
    std::filesystem::path cache;
};

ExitStatus remove(const RemoveArguments& arguments) {
    if (!remove_cached_model(arguments.name, arguments.cache)) {
        throw IoError(ErrorCode::not_found,
                      "'" + arguments.name +
                          "' is not in the cache; `speciesnet model list` lists the models in it");
    }
    return ExitStatus::all_fine;
}

}  // namespace

Command add_model_remove_command(CLI::App& model) {
    const auto arguments = std::make_shared<RemoveArguments>();
    auto* const command =
        model.add_subcommand("remove", "Removes a model and its compiled networks from the cache");
    command->add_option("name", arguments->name, "The model")->type_name("NAME")->required();
    add_cache_flag(*command, arguments->cache);
    command->footer(
        "Example:\n"
        "  speciesnet model remove kaggle:google/speciesnet/pyTorch/v4.0.1a\n\n" +
        exit_statuses_without_photos);
    return {command, [arguments] { return remove(*arguments); }};
}

}  // namespace speciesnet::cli
