// SPDX-License-Identifier: Apache-2.0
// `speciesnet model list`: lists name, size and folder of every model in the cache.
#include "speciesnet/download.hpp"
#include "speciesnet/utf8_path.hpp"

#include "download_display.hpp"
#include "flags/fetch_flags.hpp"
#include "model_command.hpp"
#include "usage/usage_commands.hpp"

#include <iostream>
#include <memory>

namespace speciesnet::cli {

Command add_model_list_command(CLI::App& model) {
    const auto cache = std::make_shared<std::filesystem::path>();
    auto* const command = model.add_subcommand("list", "Lists the models in the cache");
    add_cache_flag(*command, *cache);
    command->footer(
        "Example:\n"
        "  speciesnet model list\n\n" +
        exit_statuses_without_photos);
    return {command, [cache] {
                for (const auto& cached : cached_models(*cache)) {
                    std::cout << cached.name << '\t' << describe_bytes(cached.bytes) << '\t'
                              << utf8_text(cached.folder) << '\n';
                }
                return ExitStatus::all_fine;
            }};
}

}  // namespace speciesnet::cli
