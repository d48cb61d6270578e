// SPDX-License-Identifier: Apache-2.0
// Flags are bound to FetchOptions directly, so the library defines the defaults.
#include "fetch_flags.hpp"

#include "speciesnet/error.hpp"

#include "flag_checks.hpp"

#include <chrono>
#include <filesystem>

namespace speciesnet::cli {

void add_cache_flag(CLI::App& command, std::filesystem::path& cache) {
    command
        .add_option("--cache", cache,
                    "Folder of downloaded models (default: $SPECIESNET_CACHE, else "
                    "$XDG_CACHE_HOME/speciesnet, else ~/.cache/speciesnet)")
        ->type_name("FOLDER");
}

void add_fetch_flags(CLI::App& command, FetchOptions& options) {
    add_cache_flag(command, options.cache);
    command.add_flag("--offline", options.offline,
                     "Never use the network (also: SPECIESNET_OFFLINE=1)");
    command
        .add_option("--retries", options.retries,
                    "Maximum number of consecutive retries without receiving a byte")
        ->check(at_least(0))
        ->capture_default_str();
    command
        .add_option_function<unsigned>(
            "--timeout",
            [&options](unsigned seconds) { options.stall_timeout = std::chrono::seconds(seconds); },
            "Close a connection that is too slow for this number of seconds")
        ->check(CLI::Range(1, 3600))
        ->default_str(std::to_string(options.stall_timeout.count()));
}

std::filesystem::path local_package(const std::string& name, const std::filesystem::path& cache) {
    if (const auto cached = find_cached_model(name, cache)) {
        return cached->folder;
    }
    if (std::filesystem::is_directory(name)) {
        return name;
    }
    throw IoError(ErrorCode::not_found,
                  "'" + name +
                      "' is not on this machine; `speciesnet model list` lists the models, "
                      "`speciesnet model download` adds one");
}

}  // namespace speciesnet::cli
