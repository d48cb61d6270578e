// SPDX-License-Identifier: Apache-2.0
// Operations of the operating system that implement files and locks; used only in this folder.
#pragma once

#include "system/files.hpp"

#include <filesystem>
#include <string>
#include <system_error>

namespace speciesnet {

/// @throws IoError with the failed operation, the file and the reason
[[noreturn]] void fail_with_file(const std::string& what, const std::filesystem::path& path,
                                 const std::error_code& error);

void close_file(NativeFile file) noexcept;

/// Opens or creates a file for a lock. @throws IoError
NativeFile open_lock(const std::filesystem::path& file);

/// Takes the lock, which closing `lock` releases. @return false if it is already held
/// @throws IoError
bool try_lock(NativeFile lock, const std::filesystem::path& file);

/// Waits until a file, or the names in a folder, are on disk. @throws IoError
void sync_to_disk(const std::filesystem::path& path);

/// Renames atomically, as move_path() does. Replaces an existing file; a folder replaces an empty
/// folder.
std::error_code replace_path(const std::filesystem::path& from, const std::filesystem::path& to);

/// Creates a folder with a unique name that has this beginning. Only this user may enter it.
/// @throws IoError
std::filesystem::path make_unique_folder(const std::filesystem::path& parent,
                                         const std::string& prefix);

}  // namespace speciesnet
