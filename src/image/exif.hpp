// Which way up a picture is.
#pragma once

#include "format.hpp"

#include <cstdint>
#include <vector>

namespace speciesnet {

/// EXIF's Orientation, 1 (upright) to 8, from EXIF or else from XMP, read as leniently as Pillow
/// does. Anything unknown is 1.
int orientation(const Metadata& metadata);

/// Turns and mirrors `rgb` of `size` so that it stands upright, and updates `size`.
std::vector<std::uint8_t> upright(std::vector<std::uint8_t> rgb, PixelSize& size, int orientation);

}  // namespace speciesnet
