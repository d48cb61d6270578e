// SPDX-License-Identifier: Apache-2.0
// Decodes BMP: uncompressed, run-length encoded, and with bit fields. Supports the kinds that
// Pillow reads and rounds as Pillow does. A truncated file gives its complete rows.
#include "byte_order.hpp"
#include "colour.hpp"
#include "format.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <optional>

namespace speciesnet {
namespace {

constexpr std::size_t file_header_bytes = 14;

enum class Compression : std::uint32_t { none = 0, rle8 = 1, rle4 = 2, bit_fields = 3 };

/// Which bits of a pixel hold red, green and blue.
using Masks = std::array<std::uint32_t, 3>;

struct BmpHeader {
    PixelSize size;
    int depth;  ///< Bits of a pixel: 1, 4, 8, 16, 24 or 32.
    Compression compression;
    bool top_down;
    Masks masks;            ///< For 16, 24 and 32 bits.
    Palette palette;        ///< For 1, 4 and 8 bits.
    std::size_t row_bytes;  ///< Distance between rows: a multiple of 4.
    std::size_t pixels_at;
};

[[noreturn]] void refuse(std::string_view why) {
    throw_undecodable(MediaType::bmp, why);
}

/// Returns a part of the file. Throws if the file does not contain it.
Bytes take(Bytes file, std::size_t at, std::size_t count) {
    if (at > file.size() || file.size() - at < count) {
        refuse("truncated in the header");
    }
    return file.subspan(at, count);
}

Masks default_masks(int depth) {
    return depth == 16 ? Masks{0x7C00, 0x3E0, 0x1F} : Masks{0xFF0000, 0xFF00, 0xFF};
}

/// Reads bit fields and refuses those that Pillow does not support.
/// @param alpha the bits of the alpha channel, 0 if the header has no field for them
Masks read_masks(Bytes where, std::uint32_t alpha, int depth) {
    struct Known {
        Masks masks;
        std::uint32_t alpha;
    };
    static constexpr std::array<Known, 8> known32 = {{
        {{0xFF0000, 0xFF00, 0xFF}, 0},
        {{0xFF0000, 0xFF00, 0xFF}, 0xFF000000},
        {{0xFF000000, 0xFF0000, 0xFF00}, 0},
        {{0xFF000000, 0xFF0000, 0xFF00}, 0xFF},
        {{0xFF000000, 0xFF00, 0xFF}, 0},
        {{0xFF000000, 0xFF00, 0xFF}, 0xFF0000},
        {{0xFF, 0xFF00, 0xFF0000}, 0xFF000000},
        {{0, 0, 0}, 0},
    }};
    static constexpr Masks rgb565 = {0xF800, 0x7E0, 0x1F};
    Masks masks{};
    for (std::size_t i = 0; i < masks.size(); ++i) {
        masks[i] = read_u32(where, i * 4, ByteOrder::little);
    }
    const auto is_this = [&](const Known& known) {
        return known.masks == masks && known.alpha == alpha;
    };
    const bool known = depth == 32   ? std::ranges::any_of(known32, is_this)
                       : depth == 24 ? masks == default_masks(24)
                       : depth == 16 ? masks == default_masks(16) || masks == rgb565
                                     : false;
    if (!known) {
        refuse("unsupported bit fields");
    }
    return masks == Masks{} ? default_masks(depth) : masks;
}

/// Reads the palette of an image of 1, 4 or 8 bits. Returns how many bits Pillow reads for a pixel:
/// if the palette is a plain ramp of grey levels, 1 (two colours) or 8, whatever the header says.
int read_palette(Bytes file, std::size_t at, std::size_t colours, std::size_t entry_bytes,
                 int depth, Palette& palette) {
    if (colours == 0 || colours > 256) {
        refuse("unsupported palette size");
    }
    at = std::min(at, file.size());
    const Bytes entries = file.subspan(at, std::min(colours * entry_bytes, file.size() - at));
    bool is_grey = true;
    for (std::size_t i = 0; i < colours; ++i) {
        if (entries.size() < i * entry_bytes + 3) {
            is_grey = false;
            break;
        }
        const std::uint8_t* const bgr = as_numbers(entries) + i * entry_bytes;
        palette[i] = {bgr[2], bgr[1], bgr[0]};
        const auto level = static_cast<std::uint8_t>(colours == 2 ? i * 255 : i);
        is_grey = is_grey && palette[i] == Rgb{level, level, level};
    }
    if (!is_grey) {
        return depth;
    }
    if (colours > 2) {
        palette = grey_palette(8);
        return 8;
    }
    // Run-length encoding can still produce values other than these two: they are white.
    std::fill(palette.begin() + 1, palette.end(), Rgb{255, 255, 255});
    return 1;
}

BmpHeader read_bmp_header(Bytes file) {
    const auto u16 = [](Bytes bytes, std::size_t at) {
        return read_u16(bytes, at, ByteOrder::little);
    };
    const auto u32 = [](Bytes bytes, std::size_t at) {
        return read_u32(bytes, at, ByteOrder::little);
    };
    static constexpr std::uint32_t os2_header_bytes = 12;
    static constexpr std::array<std::uint32_t, 6> windows_header_bytes = {40, 52, 56, 64, 108, 124};
    static constexpr std::size_t masks_at = 40;
    static constexpr std::size_t masks_bytes = 12;

    const std::uint32_t header_bytes = u32(take(file, file_header_bytes, 4), 0);
    const bool is_os2 = header_bytes == os2_header_bytes;
    if (!is_os2 &&
        std::ranges::find(windows_header_bytes, header_bytes) == windows_header_bytes.end()) {
        refuse("unsupported header");
    }
    const Bytes info = take(file, file_header_bytes, header_bytes);
    BmpHeader header{};
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint64_t colours = 0;
    if (is_os2) {
        width = u16(info, 4);
        height = u16(info, 6);
        header.depth = u16(info, 10);
    } else {
        width = u32(info, 4);
        height = u32(info, 8);
        header.top_down = info[11] == std::byte{0xFF};
        height = header.top_down ? 0 - height : height;
        header.depth = u16(info, 14);
        header.compression = static_cast<Compression>(u32(info, 16));
        colours = u32(info, 32);
    }
    if (width > INT_MAX / 32 || height > INT_MAX) {
        refuse("impossible size");
    }
    header.size = {static_cast<int>(width), static_cast<int>(height)};
    std::size_t palette_at = file_header_bytes + header_bytes;
    if (header.compression == Compression::bit_fields) {
        const bool inside = header_bytes >= masks_at + masks_bytes;
        const bool has_alpha = header_bytes >= masks_at + masks_bytes + 4;
        header.masks =
            read_masks(inside ? info.subspan(masks_at) : take(file, palette_at, masks_bytes),
                       has_alpha ? u32(info, masks_at + masks_bytes) : 0, header.depth);
        palette_at += inside ? 0 : masks_bytes;
    } else {
        header.masks = default_masks(header.depth);
    }
    header.row_bytes =
        (static_cast<std::size_t>(width) * static_cast<std::size_t>(header.depth) + 31) / 32 * 4;

    static constexpr std::size_t offset_at = 10;
    header.pixels_at = u32(file, offset_at);
    switch (header.depth) {
        case 1:
        case 4:
        case 8: {
            const std::size_t entry_bytes = is_os2 ? 3 : 4;
            colours = colours == 0 ? std::uint64_t{1} << header.depth : colours;
            const int depth =
                read_palette(file, palette_at, colours, entry_bytes, header.depth, header.palette);
            const std::size_t palette_end = palette_at + entry_bytes * colours;
            if (header.pixels_at == 0 || header.pixels_at == file_header_bytes + header_bytes) {
                header.pixels_at = palette_end;
            }
            header.depth = depth;
            break;
        }
        case 16:
        case 24:
        case 32:
            header.pixels_at = header.pixels_at == 0 ? palette_at : header.pixels_at;
            break;
        default:
            refuse("unsupported depth");
    }
    const bool is_rle =
        header.compression == Compression::rle8 || header.compression == Compression::rle4;
    if (header.compression > Compression::bit_fields || (is_rle && header.depth > 8)) {
        refuse("unsupported compression");
    }
    return header;
}

/// Returns the row of `rgb` that a row of the file belongs to: usually the last one comes first.
std::span<std::uint8_t> target_row(const BmpHeader& header, std::size_t row,
                                   std::span<std::uint8_t> rgb) {
    const auto rows = static_cast<std::size_t>(header.size.height);
    const std::size_t row_bytes = rgb_row_bytes(header.size);
    return rgb.subspan((header.top_down ? row : rows - 1 - row) * row_bytes, row_bytes);
}

/// Extracts a channel of a 16-bit pixel and widens it as Pillow does.
std::uint8_t widen(std::uint32_t pixel, std::uint32_t mask) {
    const std::uint32_t lowest = mask & (0 - mask);
    return static_cast<std::uint8_t>((pixel & mask) / lowest * 255 / (mask / lowest));
}

void unpack_row(const BmpHeader& header, Bytes row, std::span<std::uint8_t> rgb) {
    if (header.depth <= 8) {
        unpack_palette(row, header.depth, header.palette, rgb);
        return;
    }
    const auto pixel_bytes = static_cast<std::size_t>(header.depth) / 8;
    for (std::size_t x = 0; x < rgb.size() / 3; ++x) {
        const auto pixel = static_cast<std::uint32_t>(
            read_unsigned(row.subspan(x * pixel_bytes, pixel_bytes), ByteOrder::little));
        for (std::size_t c = 0; c < 3; ++c) {
            rgb[x * 3 + c] = widen(pixel, header.masks[c]);
        }
    }
}

/// @return whether the file contains all rows
bool decode_plain(const BmpHeader& header, Bytes data, std::span<std::uint8_t> rgb) {
    const auto bits =
        static_cast<std::size_t>(header.size.width) * static_cast<std::size_t>(header.depth);
    const std::size_t used = (bits + 7) / 8;
    if (used > header.row_bytes) {
        return false;
    }
    for (std::size_t row = 0; row < static_cast<std::size_t>(header.size.height); ++row) {
        if (data.size() < used) {
            return false;
        }
        unpack_row(header, data.first(used), target_row(header, row, rgb));
        data = data.subspan(std::min(header.row_bytes, data.size()));
    }
    return true;
}

/// Decodes run-length encoding to one byte for each pixel, rows in the order of the file. As in
/// Pillow, a run stops at the end of its row, and a delta is filled with zeros.
class RunLengthDecoder {
public:
    RunLengthDecoder(Bytes file, std::size_t at, PixelSize size, bool is_rle4)
        : file_(file),
          at_(at),
          width_(static_cast<std::size_t>(size.width)),
          wanted_(width_ * static_cast<std::size_t>(size.height)),
          is_rle4_(is_rle4) {}

    std::vector<std::uint8_t> decode() {
        while (pixels_.size() < wanted_) {
            const Bytes command = take(2);
            if (command.size() < 2) {
                break;
            }
            const auto count = std::to_integer<std::size_t>(command[0]);
            const auto value = std::to_integer<std::uint8_t>(command[1]);
            if (count > 0) {
                add_run(count, value);
            } else if (value == end_of_line) {
                pixels_.resize((pixels_.size() + width_ - 1) / width_ * width_);
                x_ = 0;
            } else if (value == delta ? !skip() : value == end_of_bitmap || !copy(value)) {
                break;
            }
        }
        if (pixels_.size() < wanted_) {
            refuse("run-length encoded pixels are missing");
        }
        return std::move(pixels_);
    }

private:
    static constexpr std::uint8_t end_of_line = 0;
    static constexpr std::uint8_t end_of_bitmap = 1;
    static constexpr std::uint8_t delta = 2;

    Bytes take(std::size_t count) {
        const Bytes taken = file_.subspan(at_, std::min(count, file_.size() - at_));
        at_ += taken.size();
        return taken;
    }

    void add_run(std::size_t count, std::uint8_t value) {
        count = std::min(count, width_ - std::min(x_, width_));
        for (std::size_t i = 0; i < count; ++i) {
            pixels_.push_back(!is_rle4_ ? value : i % 2 == 0 ? value >> 4 : value & 0x0F);
        }
        x_ += count;
    }

    bool skip() {
        const Bytes distance = take(2);
        if (distance.size() < 2) {
            return false;
        }
        const std::size_t pixels = std::to_integer<std::size_t>(distance[0]) +
                                   std::to_integer<std::size_t>(distance[1]) * width_;
        pixels_.resize(std::min(wanted_, pixels_.size() + pixels));
        x_ = pixels_.size() % width_;
        return true;
    }

    /// Copies unencoded pixels, which are padded to an even position in the file.
    bool copy(std::size_t count) {
        const std::size_t pixels = std::min(count, wanted_ - pixels_.size());
        const std::size_t bytes = is_rle4_ ? (pixels + 1) / 2 : pixels;
        const Bytes plain = take(bytes);
        for (std::size_t i = 0; i < plain.size(); ++i) {
            const auto value = std::to_integer<std::uint8_t>(plain[i]);
            pixels_.push_back(is_rle4_ ? value >> 4 : value);
            if (is_rle4_ && i * 2 + 1 < pixels) {
                pixels_.push_back(value & 0x0F);
            }
        }
        x_ += count;
        if (plain.size() < bytes || pixels_.size() == wanted_) {
            return false;
        }
        take(at_ % 2);
        return true;
    }

    Bytes file_;
    std::size_t at_;
    std::size_t width_;
    std::size_t wanted_;
    bool is_rle4_;
    std::size_t x_ = 0;
    std::vector<std::uint8_t> pixels_;
};

bool has_signature(Bytes file) {
    return as_text(file).starts_with("BM");
}

Header read_header(Bytes file) {
    static constexpr std::uint64_t row_work = 50;
    static constexpr std::uint64_t pixel_work = 15;
    const PixelSize size = read_bmp_header(file).size;
    const std::uint64_t pixels = rgb_bytes(size) / 3;
    return {size,
            {.work = static_cast<std::uint64_t>(size.height) * row_work + pixels * pixel_work,
             .memory = pixels * 4}};
}

Pixels decode_rgb(Bytes file, PixelSize size, Budget& budget) {
    budget.spend(read_header(file).cost.work);
    const BmpHeader header = read_bmp_header(file);
    const std::size_t pixels_at = std::min(header.pixels_at, file.size());
    Pixels pixels{.rgb = fill(size, header.palette[0])};
    if (header.compression == Compression::rle8 || header.compression == Compression::rle4) {
        const bool is_rle4 = header.compression == Compression::rle4;
        const std::vector<std::uint8_t> values =
            RunLengthDecoder(file, pixels_at, size, is_rle4).decode();
        const auto width = static_cast<std::size_t>(size.width);
        for (std::size_t row = 0; row < static_cast<std::size_t>(size.height); ++row) {
            unpack_palette(std::as_bytes(std::span(values)).subspan(row * width, width), 8,
                           header.palette, target_row(header, row, pixels.rgb));
        }
    } else {
        pixels.truncated = !decode_plain(header, file.subspan(pixels_at), pixels.rgb);
    }
    return pixels;
}

/// BMP cannot contain EXIF.
int read_orientation(Bytes) {
    return 1;
}

Bytes find_exif(Bytes, std::vector<std::byte>&) {
    return {};
}

}  // namespace

const Format bmp_format{MediaType::bmp, has_signature,    read_header,
                        decode_rgb,     read_orientation, find_exif};

}  // namespace speciesnet
