// SPDX-License-Identifier: Apache-2.0
// What programs ask of paths and the standard library does not answer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace speciesnet {

/// Of a file system, and of a file in it.
using FileId = std::pair<std::uint64_t, std::uint64_t>;

/// What file a path leads to; nothing if it leads to none.
std::optional<FileId> file_id(const std::filesystem::path& path) noexcept;

/// Renames in one step. Unlike std::filesystem::rename(), fails where something is
/// (std::errc::file_exists).
std::error_code rename_without_replacing(const std::filesystem::path& from,
                                         const std::filesystem::path& to) noexcept;

/// Whether this user may make files in a folder; an error if not.
std::error_code check_folder_is_writable(const std::filesystem::path& folder) noexcept;

/// Whether a text is of a pattern of the shell's: "*", "?", "[a-z]".
bool matches_pattern(const std::string& pattern, const std::string& text);

}  // namespace speciesnet
