// SPDX-License-Identifier: Apache-2.0
// Converts names of files and folders so that every file system accepts them.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// A text as a name: without the characters that Windows forbids, and without a dot or blank at
/// either end.
std::string portable_name(std::string_view text);

}  // namespace speciesnet::cli
