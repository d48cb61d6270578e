// PNG on zlib. A decoder of our own, because the reference's is one too: row by row, so that a
// damaged or truncated file gives the rows in front of the damage and black below.
#include "byte_order.hpp"
#include "colour.hpp"
#include "format.hpp"
#include "inflate.hpp"
#include "png_chunks.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>

namespace speciesnet {
namespace {

enum class ColourType : std::uint8_t { grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgba = 6 };

struct Header {
    PixelSize size;
    int depth;  ///< Bits of a sample.
    ColourType type;
    bool interlaced;

    int pixel_bits() const {
        switch (type) {
            case ColourType::rgb:
                return 3 * depth;
            case ColourType::grey_alpha:
                return 2 * depth;
            case ColourType::rgba:
                return 4 * depth;
            default:
                return depth;
        }
    }
};

bool is_allowed(int depth, int type) {
    switch (static_cast<ColourType>(type)) {
        case ColourType::grey:
            return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
        case ColourType::palette:
            return depth == 1 || depth == 2 || depth == 4 || depth == 8;
        case ColourType::rgb:
        case ColourType::grey_alpha:
        case ColourType::rgba:
            return depth == 8 || depth == 16;
    }
    return false;
}

Header read_header(const PngChunk& chunk) {
    const Bytes ihdr = chunk.content;
    if (chunk.name != "IHDR" || !chunk.is_intact() || ihdr.size() < 13) {
        throw_undecodable(MediaType::png, "damaged IHDR chunk");
    }
    const auto number = [&](std::size_t at) { return std::to_integer<int>(ihdr[at]); };
    const std::uint32_t width = read_u32(ihdr, 0, ByteOrder::big);
    const std::uint32_t height = read_u32(ihdr, 4, ByteOrder::big);
    const int depth = number(8);
    const int type = number(9);
    if (width > INT_MAX || height > INT_MAX || !is_allowed(depth, type) || number(11) != 0) {
        throw_undecodable(MediaType::png, "impossible header");
    }
    return {{static_cast<int>(width), static_cast<int>(height)},
            depth,
            static_cast<ColourType>(type),
            number(12) != 0};
}

/// What decoding needs of a file.
struct Contents {
    Header header;
    Palette palette;
    std::vector<Bytes> pixel_data;
};

Contents read_contents(Bytes file) {
    PngChunks chunks(file);
    auto chunk = chunks.next();
    if (!chunk) {
        throw_undecodable(MediaType::png, "no chunks");
    }
    Contents contents{read_header(*chunk), {}, {}};
    if (contents.header.type == ColourType::grey && contents.header.depth <= 8) {
        contents.palette = grey_palette(contents.header.depth);
    }
    const auto is_critical = [](const PngChunk& c) { return (c.name[0] & 0x20) == 0; };
    for (chunk = chunks.next(); chunk && chunk->name != "IDAT"; chunk = chunks.next()) {
        if (chunk->name == "IEND" || (is_critical(*chunk) && !chunk->is_intact())) {
            break;
        }
        if (chunk->name == "PLTE" && contents.header.type == ColourType::palette) {
            const std::size_t colours = chunk->content.size() / 3;
            if (colours > contents.palette.size()) {
                throw_undecodable(MediaType::png, "impossible palette");
            }
            for (std::size_t i = 0; i < colours; ++i) {
                std::ranges::copy_n(as_numbers(chunk->content) + i * 3, 3,
                                    contents.palette[i].begin());
            }
        }
    }
    for (; chunk && chunk->name == "IDAT"; chunk = chunks.next()) {
        contents.pixel_data.push_back(chunk->content);
    }
    if (contents.pixel_data.empty()) {
        throw_undecodable(MediaType::png, "no IDAT chunk");
    }
    return contents;
}

/// Undoes one row's filter; false if there is no such filter. `before` is the distance to the pixel
/// on the left in bytes, `above` the row above.
bool unfilter(int filter, std::span<std::uint8_t> row, std::span<const std::uint8_t> above,
              std::size_t before) {
    const auto left = [&](std::size_t i) { return i < before ? 0 : int{row[i - before]}; };
    const auto above_left = [&](std::size_t i) { return i < before ? 0 : int{above[i - before]}; };
    const auto paeth = [](int a, int b, int c) {
        const int to_a = std::abs(b - c);
        const int to_b = std::abs(a - c);
        const int to_c = std::abs(a + b - 2 * c);
        return to_a <= to_b && to_a <= to_c ? a : to_b <= to_c ? b : c;
    };
    const auto add = [&](auto prediction) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = static_cast<std::uint8_t>(row[i] + prediction(i));
        }
    };
    switch (filter) {
        case 0:
            return true;
        case 1:
            add(left);
            return true;
        case 2:
            add([&](std::size_t i) { return int{above[i]}; });
            return true;
        case 3:
            add([&](std::size_t i) { return (left(i) + above[i]) / 2; });
            return true;
        case 4:
            add([&](std::size_t i) { return paeth(left(i), above[i], above_left(i)); });
            return true;
        default:
            return false;
    }
}

/// Colours of a row of pixels. 16-bit samples lose their low byte, but grey ones without alpha are
/// clipped to 255: Pillow keeps those in its mode "I;16".
void unpack_row(const Contents& contents, Bytes row, std::span<std::uint8_t> rgb) {
    const int depth = contents.header.depth;
    const ColourType type = contents.header.type;
    if (depth < 8 || type == ColourType::palette || (type == ColourType::grey && depth == 8)) {
        unpack_palette(row, depth, contents.palette, rgb);
        return;
    }
    const auto sample_bytes = static_cast<std::size_t>(depth) / 8;
    const auto pixel_bytes = static_cast<std::size_t>(contents.header.pixel_bits()) / 8;
    const bool is_colour = type == ColourType::rgb || type == ColourType::rgba;
    for (std::size_t x = 0; x < rgb.size() / 3; ++x) {
        const Bytes pixel = row.subspan(x * pixel_bytes, pixel_bytes);
        for (std::size_t c = 0; c < 3; ++c) {
            const std::size_t at = is_colour ? c * sample_bytes : 0;
            rgb[x * 3 + c] = type == ColourType::grey
                                 ? clip_to_byte(read_u16(pixel, 0, ByteOrder::big))
                                 : std::to_integer<std::uint8_t>(pixel[at]);
        }
    }
}

/// One of the passes in which a picture comes: the pixels at first_x, first_x + step_x, … of the
/// rows first_y, first_y + step_y, …
struct Pass {
    int first_x;
    int first_y;
    int step_x;
    int step_y;
};

constexpr std::array<Pass, 1> whole = {{{0, 0, 1, 1}}};
/// Source: PNG specification, Adam7.
constexpr std::array<Pass, 7> adam7 = {{{0, 0, 8, 8},
                                        {4, 0, 8, 8},
                                        {0, 4, 4, 8},
                                        {2, 0, 4, 4},
                                        {0, 2, 2, 4},
                                        {1, 0, 2, 2},
                                        {0, 1, 1, 2}}};

/// Decodes the rows of one pass into `rgb`; false when the data is at its end.
bool decode_pass(const Contents& contents, const Pass& pass, Inflater& data,
                 std::span<std::uint8_t> rgb) {
    const PixelSize size = contents.header.size;
    const auto columns = static_cast<std::size_t>(
        std::max(0, (size.width - pass.first_x + pass.step_x - 1) / pass.step_x));
    if (columns == 0) {
        return true;
    }
    const auto pixel_bits = static_cast<std::size_t>(contents.header.pixel_bits());
    const std::size_t row_bytes = (columns * pixel_bits + 7) / 8;
    // Each row follows a byte that names its filter.
    std::vector<std::uint8_t> row(1 + row_bytes);
    std::vector<std::uint8_t> above(1 + row_bytes);
    std::vector<std::uint8_t> colours(columns * 3);
    for (int y = pass.first_y; y < size.height; y += pass.step_y) {
        if (data.read(row) < row.size() ||
            !unfilter(row[0], std::span(row).subspan(1), std::span(above).subspan(1),
                      (pixel_bits + 7) / 8)) {
            return false;
        }
        const Bytes packed = std::as_bytes(std::span(row)).subspan(1);
        std::uint8_t* const target = rgb.data() +
                                     static_cast<std::size_t>(y) * rgb_row_bytes(size) +
                                     static_cast<std::size_t>(pass.first_x) * 3;
        if (pass.step_x == 1) {
            unpack_row(contents, packed, {target, colours.size()});
        } else {
            unpack_row(contents, packed, colours);
            for (std::size_t x = 0; x < columns; ++x) {
                std::copy_n(colours.data() + x * 3, 3,
                            target + x * static_cast<std::size_t>(pass.step_x) * 3);
            }
        }
        std::swap(row, above);
    }
    return true;
}

bool has_signature(Bytes file) {
    return as_text(file).starts_with(png_signature);
}

PixelSize read_size(Bytes file) {
    return read_contents(file).header.size;
}

std::vector<std::uint8_t> decode_rgb(Bytes file, PixelSize size) {
    const Contents contents = read_contents(file);
    Inflater data(contents.pixel_data);
    std::vector<std::uint8_t> rgb = fill(size, contents.palette[0]);
    const std::span<const Pass> passes =
        contents.header.interlaced ? std::span<const Pass>(adam7) : whole;
    for (const Pass& pass : passes) {
        if (!decode_pass(contents, pass, data, rgb)) {
            break;
        }
    }
    return rgb;
}

}  // namespace

const Format png_format{MediaType::png, has_signature,        read_size,
                        decode_rgb,     read_png_orientation, find_png_exif};

}  // namespace speciesnet
