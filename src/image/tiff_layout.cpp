// SPDX-License-Identifier: Apache-2.0
// Selects the supported kinds of TIFF and the conversion of their samples: those of Pillow
// (OPEN_INFO in TiffImagePlugin.py) except 12-bit grey, CIE Lab and old-style JPEG.
#include "tiff_layout.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <climits>
#include <cstring>

namespace speciesnet {
namespace {

[[noreturn]] void refuse(std::string_view why) {
    throw_undecodable(MediaType::tiff, why);
}

/// The fields that define how samples are read.
struct Fields {
    std::uint16_t photometric;
    std::uint16_t bits;
    std::uint16_t format;
    bool big_endian;
    std::span<const std::uint16_t> extra;  ///< Meaning of the samples after the colour.
};

bool is_known_compression(std::uint16_t compression) {
    static constexpr std::array known = {
        COMPRESSION_NONE,    COMPRESSION_CCITTRLE, COMPRESSION_CCITTFAX3,     COMPRESSION_CCITTFAX4,
        COMPRESSION_LZW,     COMPRESSION_JPEG,     COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS,
        COMPRESSION_DEFLATE, COMPRESSION_LZMA,     COMPRESSION_ZSTD,          COMPRESSION_WEBP};
    return std::ranges::find(known, compression) != known.end() &&
           TIFFIsCODECConfigured(compression) != 0;
}

TiffPixel grey_pixel(const Fields& fields) {
    const bool black_is_zero = fields.photometric == PHOTOMETRIC_MINISBLACK;
    const bool is_plain = fields.extra.empty();
    if (fields.bits <= 8) {
        const bool allowed_format =
            fields.format == SAMPLEFORMAT_UINT ||
            (fields.format == SAMPLEFORMAT_INT && fields.bits == 8 && black_is_zero);
        const bool allowed_extra =
            is_plain || (black_is_zero && fields.bits == 8 && fields.extra.size() == 1 &&
                         fields.extra[0] != EXTRASAMPLE_ASSOCALPHA);
        if (allowed_format && allowed_extra) {
            return TiffPixel::palette;
        }
    } else if (fields.format == SAMPLEFORMAT_IEEEFP && fields.bits == 32 && is_plain) {
        return TiffPixel::grey_float;
    } else if (fields.format == SAMPLEFORMAT_UINT && is_plain && fields.bits == 16 &&
               (black_is_zero || !fields.big_endian)) {
        return TiffPixel::grey_unsigned;
    } else if (is_plain && black_is_zero) {
        // Pillow keeps unsigned 32-bit values in a signed type.
        const bool unsigned_as_signed =
            fields.format == SAMPLEFORMAT_UINT && fields.bits == 32 && !fields.big_endian;
        if (fields.format == SAMPLEFORMAT_INT || unsigned_as_signed) {
            return TiffPixel::grey_signed;
        }
    }
    refuse("unsupported grey samples");
}

TiffPixel pixel_of(const Fields& fields) {
    const bool is_byte = fields.bits == 8 && fields.format == SAMPLEFORMAT_UINT;
    const bool is_wide = fields.bits == 16 && fields.format == SAMPLEFORMAT_UINT;
    switch (fields.photometric) {
        case PHOTOMETRIC_MINISWHITE:
        case PHOTOMETRIC_MINISBLACK:
            return grey_pixel(fields);
        case PHOTOMETRIC_PALETTE:
            if (fields.bits <= 8 && fields.format == SAMPLEFORMAT_UINT &&
                (fields.extra.empty() || (fields.bits == 8 && fields.extra.size() == 1))) {
                return TiffPixel::palette;
            }
            break;
        case PHOTOMETRIC_RGB:
            if ((is_byte && fields.extra.size() <= 3) || (is_wide && fields.extra.size() <= 1)) {
                return !fields.extra.empty() && fields.extra[0] == EXTRASAMPLE_ASSOCALPHA
                           ? TiffPixel::premultiplied
                           : TiffPixel::rgb;
            }
            break;
        case PHOTOMETRIC_SEPARATED:
            if ((is_byte && fields.extra.size() <= 2) || (is_wide && fields.extra.empty())) {
                return TiffPixel::cmyk;
            }
            break;
        case PHOTOMETRIC_YCBCR:
            if (is_byte && fields.extra.empty()) {
                return TiffPixel::ycbcr;
            }
            break;
        default:
            break;
    }
    refuse("unsupported samples");
}

std::size_t colour_samples(std::uint16_t photometric) {
    switch (photometric) {
        case PHOTOMETRIC_RGB:
        case PHOTOMETRIC_YCBCR:
            return 3;
        case PHOTOMETRIC_SEPARATED:
            return 4;
        default:
            return 1;
    }
}

Palette read_palette(const TiffFile& file, const Fields& fields) {
    if (fields.photometric != PHOTOMETRIC_PALETTE) {
        Palette palette = grey_palette(fields.bits);
        if (fields.photometric == PHOTOMETRIC_MINISWHITE) {
            std::reverse(palette.begin(), palette.begin() + (1 << fields.bits));
        }
        return palette;
    }
    std::array<const std::uint16_t*, 3> channels{};
    if (TIFFGetField(file.get(), TIFFTAG_COLORMAP, channels.data(), channels.data() + 1,
                     channels.data() + 2) != 1) {
        refuse("no palette");
    }
    Palette palette{};
    for (std::size_t i = 0; i < std::size_t{1} << fields.bits; ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
            palette[i][c] = static_cast<std::uint8_t>(channels[c][i] >> 8);
        }
    }
    return palette;
}

PixelSize checked_size(std::uint32_t width, std::uint32_t height) {
    if (width > INT_MAX || height > INT_MAX) {
        refuse("impossible size");
    }
    return {static_cast<int>(width), static_cast<int>(height)};
}

/// Returns the most significant byte of a sample in this machine's byte order.
std::uint8_t high_byte(const std::uint8_t* samples, std::size_t index, int bits) {
    if (bits == 8) {
        return samples[index];
    }
    return samples[index * 2 + (std::endian::native == std::endian::little ? 1 : 0)];
}

template <typename T>
void unpack_grey(std::span<const std::uint8_t> row, std::span<std::uint8_t> rgb) {
    for (std::size_t x = 0; x < rgb.size() / 3; ++x) {
        T level{};
        std::memcpy(&level, row.data() + x * sizeof level, sizeof level);
        std::ranges::fill(rgb.subspan(x * 3, 3), clip_to_byte(static_cast<double>(level)));
    }
}

void unpack_colours(const TiffLayout& layout, std::span<const std::uint8_t> row,
                    std::span<std::uint8_t> rgb) {
    for (std::size_t x = 0; x < rgb.size() / 3; ++x) {
        const auto sample = [&](std::size_t i) {
            return int{high_byte(row.data(), x * layout.samples + i, layout.bits)};
        };
        Rgb colour{};
        if (layout.pixel == TiffPixel::cmyk) {
            colour = cmyk_to_rgb(sample(0), sample(1), sample(2), sample(3));
        } else {
            const int alpha = layout.pixel == TiffPixel::premultiplied ? sample(3) : 255;
            for (std::size_t c = 0; c < 3; ++c) {
                const int level = alpha == 0 ? 0 : sample(c) * 255 / alpha;
                colour[c] = clip_to_byte(level);
            }
        }
        std::ranges::copy(colour, rgb.begin() + static_cast<std::ptrdiff_t>(x * 3));
    }
}

}  // namespace

TiffLayout read_layout(const TiffFile& file) {
    const auto number = [&](std::uint32_t tag, std::uint16_t otherwise) {
        return file.field<std::uint16_t>(tag).value_or(otherwise);
    };
    TIFF* const tiff = file.get();
    const std::uint16_t compression = number(TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    if (!is_known_compression(compression)) {
        refuse("unsupported compression");
    }
    std::uint16_t extra_count = 0;
    const std::uint16_t* extra = nullptr;
    if (TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra) != 1) {
        extra_count = 0;
    }
    const Fields fields{number(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE),
                        number(TIFFTAG_BITSPERSAMPLE, 1),
                        number(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT),
                        TIFFIsBigEndian(tiff) != 0,
                        {extra, extra_count}};
    static constexpr std::array known_bits = {1, 2, 4, 8, 16, 32};
    if (std::ranges::find(known_bits, int{fields.bits}) == known_bits.end()) {
        refuse("unsupported depth");
    }

    TiffLayout layout{};
    layout.size = checked_size(file.field<std::uint32_t>(TIFFTAG_IMAGEWIDTH).value_or(0),
                               file.field<std::uint32_t>(TIFFTAG_IMAGELENGTH).value_or(0));
    layout.bits = fields.bits;
    layout.samples = number(TIFFTAG_SAMPLESPERPIXEL, 1);
    const std::size_t colours = colour_samples(fields.photometric);
    const bool grey_as_ycbcr = fields.photometric == PHOTOMETRIC_YCBCR && layout.samples == 1;
    // An unexplained fourth sample of RGB is treated as alpha.
    const bool unexplained_alpha = fields.photometric == PHOTOMETRIC_RGB && layout.samples == 4;
    if (layout.samples != colours + fields.extra.size() && !grey_as_ycbcr && !unexplained_alpha) {
        refuse("unsupported number of samples");
    }
    layout.pixel = grey_as_ycbcr ? TiffPixel::palette : pixel_of(fields);
    if (layout.pixel == TiffPixel::palette) {
        layout.palette = read_palette(file, fields);
        layout.empty = fields.photometric == PHOTOMETRIC_PALETTE ? layout.palette[0] : Rgb{};
    }
    layout.separate_planes =
        layout.samples > 1 &&
        number(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    layout.compression = compression;
    layout.bits_reversed = number(TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) == FILLORDER_LSB2MSB;
    layout.swapped = TIFFIsByteSwapped(tiff) != 0;
    if (layout.pixel == TiffPixel::ycbcr && compression == COMPRESSION_JPEG &&
        !layout.separate_planes) {
        TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        layout.pixel = TiffPixel::rgb;
    }
    if (TIFFIsTiled(tiff) != 0) {
        layout.segment = checked_size(file.field<std::uint32_t>(TIFFTAG_TILEWIDTH).value_or(0),
                                      file.field<std::uint32_t>(TIFFTAG_TILELENGTH).value_or(0));
    } else {
        const std::uint32_t rows =
            file.field<std::uint32_t>(TIFFTAG_ROWSPERSTRIP).value_or(UINT32_MAX);
        layout.segment = {
            layout.size.width,
            static_cast<int>(std::min(rows, static_cast<std::uint32_t>(layout.size.height)))};
    }
    if (layout.segment.width == 0 || layout.segment.height == 0) {
        refuse("empty strips or tiles");
    }
    return layout;
}

void unpack_row(const TiffLayout& layout, std::span<const std::uint8_t> row,
                std::span<std::uint8_t> rgb) {
    switch (layout.pixel) {
        case TiffPixel::palette:
            if (layout.samples == 1) {
                unpack_palette(std::as_bytes(row), layout.bits, layout.palette, rgb);
            } else {
                for (std::size_t x = 0; x < rgb.size() / 3; ++x) {
                    std::ranges::copy(layout.palette[row[x * layout.samples]],
                                      rgb.begin() + static_cast<std::ptrdiff_t>(x * 3));
                }
            }
            return;
        case TiffPixel::grey_unsigned:
            return unpack_grey<std::uint16_t>(row, rgb);
        case TiffPixel::grey_signed:
            return layout.bits == 16 ? unpack_grey<std::int16_t>(row, rgb)
                                     : unpack_grey<std::int32_t>(row, rgb);
        case TiffPixel::grey_float:
            return unpack_grey<float>(row, rgb);
        case TiffPixel::rgb:
        case TiffPixel::premultiplied:
        case TiffPixel::cmyk:
        case TiffPixel::ycbcr:
            return unpack_colours(layout, row, rgb);
    }
}

}  // namespace speciesnet
