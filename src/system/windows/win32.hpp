// SPDX-License-Identifier: Apache-2.0
// What every file of this folder needs of Windows.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include <windows.h>

namespace speciesnet {

/// Why the last call of this thread failed.
std::error_code last_error() noexcept;

/// A path as functions of Windows take it: of any length.
std::wstring native_path(const std::filesystem::path& path);

}  // namespace speciesnet
