// SPDX-License-Identifier: Apache-2.0
// The orientation of an image.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace speciesnet {

/// EXIF's Orientation, 1 (upright) to 8, from EXIF or, where that has none, from XMP.
/// @param exif a TIFF structure, perhaps behind "Exif\0\0"; empty if there is none
/// @param xmp  XML; empty if there is none
/// Anything unknown is 1. Throws InvalidImage if `exif` is no TIFF structure, as Pillow does; one
/// that breaks off is read as far as it goes.
int find_orientation(MediaType type, Bytes exif, std::string_view xmp);

/// What upright() takes; its memory includes the image that it is given.
Cost turning_cost(PixelSize size);

/// Turns and mirrors `rgb` of `size` so that it stands upright, and updates `size`.
std::vector<std::uint8_t> upright(std::vector<std::uint8_t> rgb, PixelSize& size, int orientation);

}  // namespace speciesnet
