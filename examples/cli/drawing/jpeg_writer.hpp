// SPDX-License-Identifier: Apache-2.0
// Writes images as JPEG.
#pragma once

#include "canvas.hpp"

#include <string>

namespace speciesnet::cli {

/// Encodes an image without metadata except a comment.
/// @param quality 1 to 100
/// @throws InvalidArgument if a side is longer than JPEG allows; std::bad_alloc
std::string encode_jpeg(const Canvas& picture, int quality, const std::string& comment);

/// The comment that identifies images drawn by this program.
inline const std::string jpeg_mark = "Drawn by SpeciesNet C++ (speciesnet visualize)";

}  // namespace speciesnet::cli
