// SPDX-License-Identifier: Apache-2.0
// What the files of each system are made of, for this room alone.
#pragma once

#include "system/files.hpp"

#include <filesystem>
#include <string>
#include <system_error>

namespace speciesnet {

/// @throws IoError: what could not be done with which file, and why
[[noreturn]] void fail_with_file(const std::string& what, const std::filesystem::path& path,
                                 const std::error_code& error);

void close_file(NativeFile file) noexcept;

/// Opens, or makes, a file for a lock. @throws IoError
NativeFile open_lock(const std::filesystem::path& file);

/// Takes the lock, which ends when `lock` is closed. @return false if it is held already
/// @throws IoError
bool try_lock(NativeFile lock, const std::filesystem::path& file);

/// Waits until a file, or the names in a folder, are on disk. @throws IoError
void sync_to_disk(const std::filesystem::path& path);

/// Renames in one step, as move_path() does; a file of the other name is replaced, and so is an
/// empty folder by a folder.
std::error_code replace_path(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes a folder of a name that begins like this and that nothing else has; only this user enters
/// it. @throws IoError
std::filesystem::path make_unique_folder(const std::filesystem::path& parent,
                                         const std::string& prefix);

}  // namespace speciesnet
