// SPDX-License-Identifier: Apache-2.0
// Extracts untrusted package archives (.tar, .tar.gz, .zip): only plain files and folders, up to a
// limit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string_view>

namespace speciesnet {

struct ArchiveLimits {
    std::uint64_t max_bytes = 0;       ///< Of all files together.
    std::uint64_t max_entries = 1000;  ///< A package has about seven files.
};

/// Extracts an archive.
/// @param archive     the bytes of the archive
/// @param origin      name used in messages
/// @param destination a folder, which is created; entries cannot write outside it
/// @throws ModelError (model_invalid) if it is damaged or not an archive, or contains an absolute
/// path, "..", a link, a device, an encrypted file, the same file twice, or more than the limits
/// (also more than 100 times its own size and 16 MiB, because weights hardly compress); IoError;
/// Cancelled. Files extracted before an error stay: the caller removes the folder.
void extract_archive(std::string_view archive, std::string_view origin,
                     const std::filesystem::path& destination, const ArchiveLimits& limits,
                     const std::stop_token& stop);

/// Returns whether a package may contain a file of this name: a relative path of at most 8 plain
/// names of at most 255 bytes, without "..", backslashes and control characters.
bool is_safe_path(std::string_view path);

}  // namespace speciesnet
