// SPDX-License-Identifier: Apache-2.0
// The flags of commands that may download a model.
#pragma once

#include "speciesnet/download.hpp"

#include "command_line.hpp"

#include <string>

namespace speciesnet::cli {

/// Adds only --cache, for commands that only read the cache.
void add_cache_flag(CLI::App& command, std::filesystem::path& cache);

/// Adds --cache, --offline, --retries, --timeout. @param options must outlive the parser
void add_fetch_flags(CLI::App& command, FetchOptions& options);

/// Returns a package on this machine: a folder, or a model in the cache.
/// @throws IoError (not_found) that says how to download it
std::filesystem::path local_package(const std::string& name, const std::filesystem::path& cache);

}  // namespace speciesnet::cli
