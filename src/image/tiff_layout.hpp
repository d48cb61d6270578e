// SPDX-License-Identifier: Apache-2.0
// The layout of the pixels on the first page of a TIFF file.
#pragma once

#include "colour.hpp"
#include "format.hpp"
#include "tiff_file.hpp"

#include <cstdint>
#include <span>

namespace speciesnet {

/// What the samples of a pixel mean.
enum class TiffPixel : std::uint8_t {
    palette,        ///< One sample of 1, 2, 4 or 8 bits that names a colour; grey is one, too.
    grey_unsigned,  ///< One sample of 16 bits.
    grey_signed,    ///< One sample of 16 or 32 bits.
    grey_float,     ///< One sample of 32 bits.
    rgb,            ///< Three samples of 8 or 16 bits.
    premultiplied,  ///< The same, and a fourth that they were multiplied with.
    cmyk,           ///< Four samples of 8 or 16 bits.
    ycbcr,          ///< Left to libtiff, which gives RGB.
};

struct TiffLayout {
    PixelSize size;
    TiffPixel pixel = TiffPixel::rgb;
    int bits = 0;                  ///< Of a sample.
    std::size_t samples = 0;       ///< Of a pixel, with those that are dropped.
    bool separate_planes = false;  ///< Each sample has an image of its own.
    std::uint16_t compression = COMPRESSION_NONE;
    bool bits_reversed = false;  ///< The lowest bit comes first; libtiff mends it in decompressing.
    bool swapped = false;        ///< Not this machine's byte order. The same holds.
    PixelSize segment;           ///< A tile, or a strip: all of the width and some rows.
    Palette palette{};           ///< Of TiffPixel::palette.
    Rgb empty{};                 ///< Colour of pixels that the file does not hold.

    /// Samples that lie side by side in a segment.
    std::size_t interleaved() const { return separate_planes ? 1 : samples; }
    /// Bytes of `pixels` pixels of `channels` samples.
    std::size_t row_bytes(int pixels, std::size_t channels) const {
        return (static_cast<std::size_t>(pixels) * channels * static_cast<std::size_t>(bits) + 7) /
               8;
    }
};

/// Throws InvalidImage if Pillow would not read such an image, or we do not.
TiffLayout read_layout(const TiffFile& file);

/// Colours of a row of pixels whose samples are interleaved and in this machine's byte order.
void unpack_row(const TiffLayout& layout, std::span<const std::uint8_t> row,
                std::span<std::uint8_t> rgb);

}  // namespace speciesnet
