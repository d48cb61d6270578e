// SPDX-License-Identifier: Apache-2.0
// The layout of the pixels on the first page of a TIFF file.
#pragma once

#include "colour.hpp"
#include "format.hpp"
#include "tiff_file.hpp"

#include <cstdint>
#include <span>

namespace speciesnet {

/// The meaning of the samples of a pixel.
enum class TiffPixel : std::uint8_t {
    palette,        ///< One sample of 1, 2, 4 or 8 bits that selects a colour; includes grey.
    grey_unsigned,  ///< One sample of 16 bits.
    grey_signed,    ///< One sample of 16 or 32 bits.
    grey_float,     ///< One sample of 32 bits.
    rgb,            ///< Three samples of 8 or 16 bits.
    premultiplied,  ///< RGB and alpha; RGB is multiplied with alpha.
    cmyk,           ///< Four samples of 8 or 16 bits.
    ycbcr,          ///< libtiff converts it to RGB.
};

struct TiffLayout {
    PixelSize size;
    TiffPixel pixel = TiffPixel::rgb;
    int bits = 0;                  ///< Of a sample.
    std::size_t samples = 0;       ///< Samples of a pixel, including those that are dropped.
    bool separate_planes = false;  ///< Whether each sample has its own plane.
    std::uint16_t compression = COMPRESSION_NONE;
    bool bits_reversed =
        false;  ///< The least significant bit comes first; libtiff corrects it when decompressing.
    bool swapped =
        false;  ///< Not in this machine's byte order; libtiff corrects it when decompressing.
    PixelSize segment;  ///< A tile, or a strip: the whole width and some rows.
    Palette palette{};  ///< For TiffPixel::palette.
    Rgb empty{};        ///< Colour of pixels that the file does not contain.

    /// Returns the number of samples that are interleaved in a segment.
    std::size_t interleaved() const { return separate_planes ? 1 : samples; }
    /// Returns the bytes of `pixels` pixels of `channels` samples.
    std::size_t row_bytes(int pixels, std::size_t channels) const {
        return (static_cast<std::size_t>(pixels) * channels * static_cast<std::size_t>(bits) + 7) /
               8;
    }
};

/// Throws InvalidImage if Pillow or this library does not support such an image.
TiffLayout read_layout(const TiffFile& file);

/// Converts a row of pixels to colours. Their samples are interleaved and in this machine's byte
/// order.
void unpack_row(const TiffLayout& layout, std::span<const std::uint8_t> row,
                std::span<std::uint8_t> rgb);

}  // namespace speciesnet
