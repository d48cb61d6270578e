// SPDX-License-Identifier: Apache-2.0
// Runs the subcommand that was parsed.
#include "model_command.hpp"

#include "usage/usage_commands.hpp"

#include <vector>

namespace speciesnet::cli {

Command add_model_command(CLI::App& program) {
    auto* const model =
        program.add_subcommand("model", "Downloads, verifies, compiles and removes models");
    model->require_subcommand(1);
    model->footer(
        "A model is named kaggle:OWNER/MODEL/FRAMEWORK/VARIATION[/VERSION], hf:OWNER/REPOSITORY, "
        "by the\nhttps URL or path of a package archive, by a package's folder, or demo.\n\n"
        "Example:\n  speciesnet model download kaggle:google/speciesnet/pyTorch/v4.0.1a\n\n" +
        exit_statuses_without_photos);
    const std::vector<Command> commands{
        add_model_list_command(*model),    add_model_download_command(*model),
        add_model_compile_command(*model), add_model_export_command(*model),
        add_model_verify_command(*model),  add_model_info_command(*model),
        add_model_remove_command(*model)};
    return {model, [commands] {
                for (const auto& command : commands) {
                    if (command.parser->parsed()) {
                        return command.run();
                    }
                }
                return ExitStatus::wrong_usage;
            }};
}

}  // namespace speciesnet::cli
