// SPDX-License-Identifier: Apache-2.0
// Writes an annotated copy, and never replaces other files.
#pragma once

#include <filesystem>
#include <string>

namespace speciesnet::cli {

/// Whether this program drew an image.
bool is_annotated_copy(const std::filesystem::path& file);

/// Replaces a file in one step, making the folders above it. A file that is there already is
/// replaced only if this program drew it: never a photo, whatever the folders are.
/// @param jpeg as encode_jpeg() gives it, with jpeg_mark
/// @throws IoError
void write_copy(const std::filesystem::path& file, const std::string& jpeg);

}  // namespace speciesnet::cli
