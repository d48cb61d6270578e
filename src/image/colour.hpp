// SPDX-License-Identifier: Apache-2.0
// Converts stored samples to RGB and rounds as Pillow does.
#pragma once

#include "format.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace speciesnet {

using Rgb = std::array<std::uint8_t, 3>;

/// A colour for each value of a sample of at most 8 bits. Grey images also have a palette.
using Palette = std::array<Rgb, 256>;

/// Returns a palette from black for 0 to white for the highest value of `bits` bits.
Palette grey_palette(int bits);

/// Returns an image of one colour.
std::vector<std::uint8_t> fill(PixelSize size, const Rgb& colour);

/// Converts `row` to colours. Its pixels are values of 1, 2, 4 or 8 bits, the leftmost in the most
/// significant bits. Reads as many pixels as `rgb` holds.
void unpack_palette(Bytes row, int bits, const Palette& palette, std::span<std::uint8_t> rgb);

/// Converts cyan, magenta, yellow and black inks of 0 (none) to 255.
Rgb cmyk_to_rgb(int cyan, int magenta, int yellow, int black);

/// Converts a grey level of more than 8 bits as Pillow does: everything above 255 is white.
inline std::uint8_t clip_to_byte(double level) {
    return level > 255 ? 255 : level > 0 ? static_cast<std::uint8_t>(level) : 0;
}

}  // namespace speciesnet
