// SPDX-License-Identifier: Apache-2.0
// The orientation of an image.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace speciesnet {

/// Returns EXIF's Orientation, 1 (upright) to 8, from EXIF or, if EXIF has none, from XMP.
/// @param exif a TIFF structure, possibly after "Exif\0\0"; empty if there is none
/// @param xmp  XML; empty if there is none
/// Unknown values count as 1. Throws InvalidImage if `exif` is not a TIFF structure, as Pillow
/// does; a truncated one is read as far as possible.
int find_orientation(MediaType type, Bytes exif, std::string_view xmp);

/// Returns the cost of upright(). Its memory includes the source image.
Cost turning_cost(PixelSize size);

/// Rotates and mirrors `rgb` of `size` so that it is upright, and updates `size`.
std::vector<std::uint8_t> upright(std::vector<std::uint8_t> rgb, PixelSize& size, int orientation);

}  // namespace speciesnet
