// SPDX-License-Identifier: Apache-2.0
// The flags of commands that may download a model.
#pragma once

#include "speciesnet/download.hpp"

#include "command_line.hpp"

#include <string>

namespace speciesnet::cli {

/// --cache alone, for commands that only look at the cache.
void add_cache_flag(CLI::App& command, std::filesystem::path& cache);

/// --cache, --offline, --retries, --timeout. @param options must live as long as the parser
void add_fetch_flags(CLI::App& command, FetchOptions& options);

/// A package that is on this machine: a folder, or a model in the cache.
/// @throws IoError (not_found) telling how to download it
std::filesystem::path local_package(const std::string& name, const std::filesystem::path& cache);

}  // namespace speciesnet::cli
