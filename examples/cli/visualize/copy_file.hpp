// SPDX-License-Identifier: Apache-2.0
// Writes an annotated copy, and never replaces other files.
#pragma once

#include <filesystem>
#include <string>

namespace speciesnet::cli {

/// Returns whether this program drew an image.
bool is_annotated_copy(const std::filesystem::path& file);

/// Replaces a file atomically, and creates its folders. An existing file is replaced only if this
/// program drew it, so a photo is never replaced.
/// @param jpeg from encode_jpeg(), with jpeg_mark
/// @throws IoError
void write_copy(const std::filesystem::path& file, const std::string& jpeg);

}  // namespace speciesnet::cli
