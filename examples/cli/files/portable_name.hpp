// SPDX-License-Identifier: Apache-2.0
// Converts names of files and folders so that every file system accepts them.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Converts a text to a file name: without the characters that Windows forbids, and without leading
/// or trailing dots and blanks.
std::string portable_name(std::string_view text);

}  // namespace speciesnet::cli
