// SPDX-License-Identifier: Apache-2.0
// Decodes the first frame of a GIF. As in the reference, a damaged or truncated file gives the
// pixels before the damage.
#include "byte_order.hpp"
#include "colour.hpp"
#include "format.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace speciesnet {
namespace {

[[noreturn]] void refuse(std::string_view why) {
    throw_undecodable(MediaType::gif, why);
}

/// Takes bytes from the front of a file.
class Reader {
public:
    explicit Reader(Bytes rest) : rest_(rest) {}

    Bytes rest() const { return rest_; }

    Bytes take(std::size_t count) {
        if (rest_.size() < count) {
            refuse("truncated before the first frame");
        }
        const Bytes taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    unsigned take_byte() { return std::to_integer<unsigned>(take(1)[0]); }

    /// Takes a data block: its length and its content. An empty block ends a sequence of blocks.
    Bytes take_block() { return take(take_byte()); }

private:
    Bytes rest_;
};

/// The first frame and its properties.
struct Frame {
    PixelSize canvas;
    int left;
    int top;
    PixelSize size;
    bool interlaced;
    std::uint8_t background;  ///< Value of the pixels that the frame does not cover.
    Palette palette;
    int code_bits;  ///< Bits of a pixel in the compressed data.
    Bytes data;     ///< Blocks of compressed data, and everything after them.
};

void read_palette(Reader& reader, unsigned flags, Palette& palette) {
    static constexpr unsigned has_palette = 0x80;
    if ((flags & has_palette) == 0) {
        return;
    }
    const std::size_t colours = std::size_t{2} << (flags & 7);
    const Bytes entries = reader.take(colours * 3);
    // Values that a palette does not list are black. As in Pillow, a palette that is a plain ramp
    // of grey levels is ignored.
    const Palette grey = grey_palette(8);
    Palette listed{};
    for (std::size_t i = 0; i < colours; ++i) {
        std::ranges::copy_n(as_numbers(entries) + i * 3, 3, listed[i].begin());
    }
    if (!std::equal(listed.begin(), listed.begin() + static_cast<std::ptrdiff_t>(colours),
                    grey.begin())) {
        palette = listed;
    }
}

/// Skips extensions up to the first image. One of them may name the transparent value.
void read_extension(Reader& reader, Frame& frame) {
    static constexpr unsigned graphic_control = 249;
    static constexpr unsigned has_transparency = 1;
    const unsigned label = reader.take_byte();
    Bytes block = reader.take_block();
    if (label == graphic_control && block.size() >= 4 &&
        (std::to_integer<unsigned>(block[0]) & has_transparency) != 0) {
        frame.background = std::to_integer<std::uint8_t>(block[3]);
    }
    while (!block.empty()) {
        block = reader.take_block();
    }
}

Frame read_frame(Bytes file) {
    static constexpr unsigned extension = '!';
    static constexpr unsigned image = ',';
    static constexpr unsigned trailer = ';';
    static constexpr std::size_t signature_bytes = 6;
    Reader reader(file);
    reader.take(signature_bytes);
    const Bytes screen = reader.take(7);
    const auto u16 = [](Bytes bytes, std::size_t at) {
        return static_cast<int>(read_u16(bytes, at, ByteOrder::little));
    };
    Frame frame{};
    frame.palette = grey_palette(8);
    read_palette(reader, std::to_integer<unsigned>(screen[4]), frame.palette);

    unsigned separator = reader.take_byte();
    for (; separator != image; separator = reader.take_byte()) {
        if (separator == trailer) {
            refuse("no frame");
        }
        if (separator == extension) {
            read_extension(reader, frame);
        }
    }
    const Bytes descriptor = reader.take(9);
    const auto flags = std::to_integer<unsigned>(descriptor[8]);
    frame.left = u16(descriptor, 0);
    frame.top = u16(descriptor, 2);
    frame.size = {u16(descriptor, 4), u16(descriptor, 6)};
    frame.interlaced = (flags & 0x40) != 0;
    // A frame that extends beyond the screen enlarges it.
    frame.canvas = {std::max(u16(screen, 0), frame.left + frame.size.width),
                    std::max(u16(screen, 2), frame.top + frame.size.height)};
    read_palette(reader, flags, frame.palette);
    frame.code_bits = static_cast<int>(reader.take_byte());
    frame.data = reader.rest();
    if (frame.size.width == 0 || frame.size.height == 0) {
        refuse("empty frame");
    }
    return frame;
}

/// Reads codes of growing width from data blocks, the least significant bits first.
class CodeReader {
public:
    explicit CodeReader(Bytes blocks) : blocks_(blocks) {}

    /// Returns the next code, or nothing at the end of the last complete block.
    std::optional<unsigned> next(int bits) {
        while (held_bits_ < bits) {
            if (block_.empty() && !next_block()) {
                return std::nullopt;
            }
            if (!block_.empty()) {
                held_ |= std::to_integer<unsigned>(block_[0]) << held_bits_;
                held_bits_ += 8;
                block_ = block_.subspan(1);
            }
        }
        const unsigned code = held_ & ((1U << bits) - 1);
        held_ >>= bits;
        held_bits_ -= bits;
        return code;
    }

private:
    bool next_block() {
        if (blocks_.empty()) {
            return false;
        }
        const auto length = std::to_integer<std::size_t>(blocks_[0]);
        if (blocks_.size() - 1 < length) {
            return false;
        }
        block_ = blocks_.subspan(1, length);
        blocks_ = blocks_.subspan(1 + length);
        return true;
    }

    Bytes blocks_;
    Bytes block_;
    unsigned held_ = 0;
    int held_bits_ = 0;
};

/// Decodes GIF's variant of LZW.
/// @return at most `wanted` values; fewer if the data ends or is damaged
std::vector<std::uint8_t> unpack_lzw(Bytes blocks, int code_bits, std::size_t wanted,
                                     Budget& budget) {
    static constexpr int max_bits = 12;
    static constexpr unsigned max_codes = 1U << max_bits;
    std::vector<std::uint8_t> values;
    if (code_bits > max_bits) {
        return values;
    }
    const unsigned clear = 1U << code_bits;
    const unsigned end = clear + 1;
    // Strings by code: each is the string of another code, followed by one value.
    std::array<std::uint8_t, max_codes> last_value{};
    std::array<unsigned, max_codes> front{};
    unsigned next_code = 0;
    int bits = 0;
    static constexpr unsigned none = ~0U;
    unsigned previous = none;
    unsigned first_value = 0;  // of the previous string
    const auto restart = [&] {
        next_code = clear + 2;
        bits = code_bits + 1;
        previous = none;
    };
    restart();
    CodeReader codes(blocks);
    std::vector<std::uint8_t> reversed;
    values.reserve(wanted);
    for (std::uint64_t codes_read = 0; values.size() < wanted; ++codes_read) {
        static constexpr std::uint64_t codes_between_checks = 4096;
        if (codes_read % codes_between_checks == 0) {
            budget.spend(0);
        }
        const std::optional<unsigned> code = codes.next(bits);
        if (!code || *code == end) {
            break;
        }
        if (*code == clear) {
            restart();
            continue;
        }
        if (previous == none) {
            if (*code > clear) {
                break;
            }
            first_value = *code;
            values.push_back(static_cast<std::uint8_t>(first_value));
            previous = *code;
            continue;
        }
        if (*code > next_code) {
            break;
        }
        reversed.clear();
        unsigned rest = *code;
        if (rest == next_code) {
            // The code that is about to be defined: the previous string and its own first value.
            reversed.push_back(static_cast<std::uint8_t>(first_value));
            rest = previous;
        }
        while (rest >= clear && rest < max_codes) {
            reversed.push_back(last_value[rest]);
            rest = front[rest];
        }
        first_value = rest;
        reversed.push_back(static_cast<std::uint8_t>(rest));
        const std::size_t count = std::min(reversed.size(), wanted - values.size());
        values.insert(values.end(), reversed.rbegin(),
                      reversed.rbegin() + static_cast<std::ptrdiff_t>(count));
        if (next_code < max_codes) {
            last_value[next_code] = static_cast<std::uint8_t>(rest);
            front[next_code] = previous;
            if (next_code == (1U << bits) - 1 && bits < max_bits) {
                ++bits;
            }
            ++next_code;
        }
        previous = *code;
    }
    return values;
}

/// Returns the rows in the order in which the file stores them.
std::vector<int> row_order(const Frame& frame) {
    std::vector<int> order;
    const auto add = [&](int first, int step) {
        for (int row = first; row < frame.size.height; row += step) {
            order.push_back(row);
        }
    };
    if (frame.interlaced) {
        add(0, 8);
        add(4, 8);
        add(2, 4);
        add(1, 2);
    } else {
        add(0, 1);
    }
    return order;
}

bool has_signature(Bytes file) {
    const std::string_view text = as_text(file);
    return text.starts_with("GIF87a") || text.starts_with("GIF89a");
}

Header read_header(Bytes file) {
    static constexpr std::uint64_t byte_work = 30;   // a code
    static constexpr std::uint64_t pixel_work = 10;  // to unpack, place and colour
    const PixelSize size = read_frame(file).canvas;
    const std::uint64_t pixels = rgb_bytes(size) / 3;
    // The values of the frame and of the canvas, and the colours.
    return {size, {.work = file.size() * byte_work + pixels * pixel_work, .memory = pixels * 5}};
}

Pixels decode_rgb(Bytes file, PixelSize size, Budget& budget) {
    budget.spend(read_header(file).cost.work);
    const Frame frame = read_frame(file);
    const auto canvas_width = static_cast<std::size_t>(size.width);
    const auto width = static_cast<std::size_t>(frame.size.width);
    std::vector<std::uint8_t> canvas(canvas_width * static_cast<std::size_t>(size.height),
                                     frame.background);
    const std::size_t wanted = width * static_cast<std::size_t>(frame.size.height);
    const std::vector<std::uint8_t> values =
        unpack_lzw(frame.data, frame.code_bits, wanted, budget);
    std::span<const std::uint8_t> rest(values);
    for (const int row : row_order(frame)) {
        const auto row_values = rest.first(std::min(width, rest.size()));
        std::ranges::copy(row_values, canvas.data() +
                                          static_cast<std::size_t>(frame.top + row) * canvas_width +
                                          static_cast<std::size_t>(frame.left));
        rest = rest.subspan(row_values.size());
    }
    Pixels pixels{.rgb = std::vector<std::uint8_t>(rgb_bytes(size)),
                  .truncated = values.size() < wanted};
    unpack_palette(std::as_bytes(std::span(canvas)), 8, frame.palette, pixels.rgb);
    return pixels;
}

/// GIF cannot contain EXIF.
int read_orientation(Bytes) {
    return 1;
}

Bytes find_exif(Bytes, std::vector<std::byte>&) {
    return {};
}

}  // namespace

const Format gif_format{MediaType::gif, has_signature,    read_header,
                        decode_rgb,     read_orientation, find_exif};

}  // namespace speciesnet
