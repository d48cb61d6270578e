// SPDX-License-Identifier: Apache-2.0
// Decodes PNG with libpng, row by row, so that a damaged or truncated file gives the rows before
// the damage and black after it, as Pillow does. Conversions follow Pillow's rules, not libpng's.
#include "colour.hpp"
#include "format.hpp"
#include "png_chunks.hpp"

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <png.h>

namespace speciesnet {
namespace {

/// IHDR.
struct PngHeader {
    PixelSize size;
    int depth = 0;  ///< Bits of a sample.
    int type = 0;   ///< One of PNG_COLOR_TYPE_…
    bool interlaced = false;

    int channels() const {
        switch (type) {
            case PNG_COLOR_TYPE_RGB:
                return 3;
            case PNG_COLOR_TYPE_GRAY_ALPHA:
                return 2;
            case PNG_COLOR_TYPE_RGB_ALPHA:
                return 4;
            default:
                return 1;
        }
    }
    std::size_t row_bytes(std::size_t columns) const {
        return (columns * static_cast<std::size_t>(channels() * depth) + 7) / 8;
    }
};

/// One interlacing pass: the pixels at first_x, first_x + step_x, … of the rows first_y, first_y +
/// step_y, …
struct Pass {
    std::size_t first_x;
    std::size_t first_y;
    std::size_t step_x;
    std::size_t step_y;

    std::size_t columns(PixelSize size) const {
        return count(static_cast<std::size_t>(size.width), first_x, step_x);
    }
    std::size_t rows(PixelSize size) const {
        return count(static_cast<std::size_t>(size.height), first_y, step_y);
    }

private:
    static std::size_t count(std::size_t all, std::size_t first, std::size_t step) {
        return all <= first ? 0 : (all - first + step - 1) / step;
    }
};

std::span<const Pass> passes_of(const PngHeader& header) {
    static constexpr std::array<Pass, 1> whole = {{{0, 0, 1, 1}}};
    /// Source: PNG specification, Adam7.
    static constexpr std::array<Pass, 7> adam7 = {{{0, 0, 8, 8},
                                                   {4, 0, 8, 8},
                                                   {0, 4, 4, 8},
                                                   {2, 0, 4, 4},
                                                   {0, 2, 2, 4},
                                                   {1, 0, 2, 2},
                                                   {0, 1, 1, 2}}};
    return header.interlaced ? std::span<const Pass>(adam7) : whole;
}

/// Returns the work of a row, of its bytes (unpacked, filter undone) and of its pixels.
std::uint64_t row_work(const PngHeader& header, std::size_t columns) {
    static constexpr std::uint64_t each_row = 100;
    static constexpr std::uint64_t each_pixel = 4;
    // libpng undoes the filters of pixels of three and four bytes with vector instructions.
    const int bits = header.channels() * header.depth;
    const std::uint64_t each_byte = bits == 24 || bits == 32 ? 3 : 5;
    return each_row + header.row_bytes(columns) * each_byte + columns * each_pixel;
}

/// Converts a row of pixels to colours. 16-bit samples lose their low byte, but grey ones without
/// alpha are clipped to 255: Pillow reads those in its mode "I;16".
void unpack_row(const PngHeader& header, const Palette& palette, Bytes row,
                std::span<std::uint8_t> rgb) {
    const bool is_grey = header.type == PNG_COLOR_TYPE_GRAY;
    if (header.type == PNG_COLOR_TYPE_PALETTE || (is_grey && header.depth <= 8)) {
        unpack_palette(row, header.depth, palette, rgb);
        return;
    }
    const std::uint8_t* pixel = as_numbers(row);
    const auto sample_bytes = static_cast<std::size_t>(header.depth) / 8;
    const std::size_t pixel_bytes = sample_bytes * static_cast<std::size_t>(header.channels());
    // Distance to the green and blue samples; 0 where grey is used for all three.
    const std::size_t step = (header.type & PNG_COLOR_MASK_COLOR) != 0 ? sample_bytes : 0;
    if (pixel_bytes == 3) {
        std::copy_n(pixel, rgb.size(), rgb.begin());
        return;
    }
    for (std::size_t at = 0; at < rgb.size(); at += 3, pixel += pixel_bytes) {
        if (is_grey) {
            std::fill_n(rgb.data() + at, 3, pixel[0] != 0 ? 255 : pixel[1]);
            continue;
        }
        rgb[at] = pixel[0];
        rgb[at + 1] = pixel[step];
        rgb[at + 2] = pixel[2 * step];
    }
}

/// Runs libpng on bytes in memory. Errors of libpng jump back to setjmp(); no object with a
/// destructor is created in between.
class PngReader {
public:
    /// Reads everything before the pixels. Throws InvalidImage if it is damaged.
    explicit PngReader(Bytes file) : rest_(file) {
        png_ = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, this, fail, ignore, this, allocate,
                                        release);
        info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
        if (info_ == nullptr) {
            png_destroy_read_struct(&png_, nullptr, nullptr);
            throw std::bad_alloc();
        }
        if (setjmp(png_jmpbuf(png_)) != 0) {
            png_destroy_read_struct(&png_, &info_, nullptr);
            throw_if_out_of_memory();
            throw_undecodable(MediaType::png, message_.data());
        }
        png_set_read_fn(png_, this, read);
        // DecodeLimits::max_pixels bounds the sides; no row is allocated before it is checked.
        png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
        // Texts and profiles are neither kept nor decompressed.
        png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
        png_set_chunk_cache_max(png_, 1);
        png_set_chunk_malloc_max(png_, max_chunk_bytes);
        png_read_info(png_, info_);
        // As in Pillow, chunks before the pixels must be intact, chunks of pixels may be damaged.
        png_set_crc_action(png_, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    }
    ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
    PngReader(const PngReader&) = delete;
    PngReader& operator=(const PngReader&) = delete;

    PngHeader header() const {
        return {{static_cast<int>(png_get_image_width(png_, info_)),
                 static_cast<int>(png_get_image_height(png_, info_))},
                png_get_bit_depth(png_, info_),
                png_get_color_type(png_, info_),
                png_get_interlace_type(png_, info_) != PNG_INTERLACE_NONE};
    }

    /// Returns a colour for each value of a sample; black where the file defines none.
    Palette palette() const {
        const int depth = png_get_bit_depth(png_, info_);
        if (png_get_color_type(png_, info_) == PNG_COLOR_TYPE_GRAY && depth <= 8) {
            return grey_palette(depth);
        }
        Palette palette{};
        png_colorp colours = nullptr;
        int count = 0;
        if (png_get_PLTE(png_, info_, &colours, &count) != 0) {
            for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
                palette[i] = {colours[i].red, colours[i].green, colours[i].blue};
            }
        }
        return palette;
    }

    /// Reads the rows of all passes into `row` and calls `use(pass, y, columns)` for each.
    /// @return whether the file contained all rows
    template <typename Use>
    bool read_rows(Budget& budget, std::span<std::uint8_t> row, Use use) {
        const PngHeader header = this->header();
        if (setjmp(png_jmpbuf(png_)) != 0) {
            throw_if_out_of_memory();
            return false;
        }
        png_start_read_image(png_);
        for (const Pass& pass : passes_of(header)) {
            const std::size_t columns = pass.columns(header.size);
            // libpng skips passes without pixels.
            const std::size_t rows = columns == 0 ? 0 : pass.rows(header.size);
            for (std::size_t y = 0; y < rows; ++y) {
                budget.spend(row_work(header, columns));
                png_read_row(png_, row.data(), nullptr);
                use(pass, y, columns);
            }
        }
        return true;
    }

private:
    static constexpr std::size_t max_chunk_bytes = std::size_t{1} << 20;

    [[noreturn]] static void fail(png_structp png, png_const_charp message) {
        auto& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
        std::strncpy(reader.message_.data(), message, reader.message_.size() - 1);
        png_longjmp(png, 1);
    }
    static void ignore(png_structp, png_const_charp) {}

    static png_voidp allocate(png_structp png, png_alloc_size_t bytes) {
        png_voidp const block = std::malloc(bytes);
        if (block == nullptr) {
            static_cast<PngReader*>(png_get_mem_ptr(png))->out_of_memory_ = true;
        }
        return block;
    }
    static void release(png_structp, png_voidp block) { std::free(block); }

    void throw_if_out_of_memory() const {
        if (out_of_memory_) {
            throw std::bad_alloc();
        }
    }

    static void read(png_structp png, png_bytep target, std::size_t count) {
        Bytes& rest = static_cast<PngReader*>(png_get_io_ptr(png))->rest_;
        if (count > rest.size()) {
            rest = {};
            png_error(png, "truncated");
        }
        std::memcpy(target, rest.data(), count);
        rest = rest.subspan(count);
        // libpng must not request more than the file has, or the last bytes of a truncated file are
        // lost.
        png_set_compression_buffer_size(png,
                                        std::clamp<std::size_t>(rest.size(), 1, PNG_ZBUF_SIZE));
    }

    Bytes rest_;
    std::array<char, 100> message_{};
    bool out_of_memory_ = false;  ///< Whether an allocation of libpng ever failed.
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
};

Header read_header(Bytes file) {
    static constexpr std::uint64_t packed_byte_work = 30;
    const PngHeader header = PngReader(file).header();
    Cost cost{.work = file.size() * packed_byte_work};
    for (const Pass& pass : passes_of(header)) {
        const std::size_t columns = pass.columns(header.size);
        cost.work += columns == 0 ? 0 : pass.rows(header.size) * row_work(header, columns);
    }
    // Our row, and libpng's current and previous rows.
    static constexpr std::size_t rows = 4;
    cost.memory = rgb_bytes(header.size) +
                  rows * header.row_bytes(static_cast<std::size_t>(header.size.width));
    return {header.size, cost};
}

Pixels decode_rgb(Bytes file, PixelSize size, Budget& budget) {
    PngReader reader(file);
    const PngHeader header = reader.header();
    const Palette palette = reader.palette();
    Pixels pixels{.rgb = fill(size, palette[0])};
    const auto width = static_cast<std::size_t>(size.width);
    std::vector<std::uint8_t> row(header.row_bytes(width));
    std::vector<std::uint8_t> colours(header.interlaced ? rgb_row_bytes(size) : 0);
    const bool is_whole =
        reader.read_rows(budget, row, [&](const Pass& pass, std::size_t y, std::size_t columns) {
            const Bytes packed = std::as_bytes(std::span(row));
            std::uint8_t* const target =
                pixels.rgb.data() + (pass.first_y + y * pass.step_y) * rgb_row_bytes(size);
            if (pass.step_x == 1 && pass.first_x == 0) {
                unpack_row(header, palette, packed, {target, columns * 3});
                return;
            }
            unpack_row(header, palette, packed, std::span(colours).first(columns * 3));
            for (std::size_t x = 0; x < columns; ++x) {
                std::copy_n(colours.data() + x * 3, 3,
                            target + (pass.first_x + x * pass.step_x) * 3);
            }
        });
    pixels.truncated = !is_whole;
    return pixels;
}

}  // namespace

const Format png_format{MediaType::png, has_png_signature,    read_header,
                        decode_rgb,     read_png_orientation, find_png_exif};

}  // namespace speciesnet
