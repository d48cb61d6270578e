// SPDX-License-Identifier: Apache-2.0
// Operations on paths that the standard library lacks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace speciesnet {

/// Identifies a file system, and a file on it.
using FileId = std::pair<std::uint64_t, std::uint64_t>;

/// Identifies the file at a path; nothing if there is none.
std::optional<FileId> file_id(const std::filesystem::path& path) noexcept;

/// Renames atomically. Unlike std::filesystem::rename(), fails if the target exists
/// (std::errc::file_exists).
std::error_code rename_without_replacing(const std::filesystem::path& from,
                                         const std::filesystem::path& to) noexcept;

/// Checks whether this user may create files in a folder; returns an error if not.
std::error_code check_folder_is_writable(const std::filesystem::path& folder) noexcept;

/// Checks whether the standard library lists a folder; returns an error if not. For a long path on
/// Windows it would list the current folder instead.
std::error_code check_folder_can_be_listed(const std::filesystem::path& folder) noexcept;

/// Returns whether a text matches a shell pattern: "*", "?", "[a-z]".
bool matches_pattern(const std::string& pattern, const std::string& text);

}  // namespace speciesnet
