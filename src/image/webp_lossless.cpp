// SPDX-License-Identifier: Apache-2.0
// Source: RFC 9649, WebP Image Format, section 3. Bits are read as in libwebp. Of the images in the
// header only the largest value matters, so no pixel is kept.
#include "webp_lossless.hpp"

#include "byte_order.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace speciesnet {
namespace {

/// Images in the header are read up to this size. Encoders write smaller ones.
constexpr std::uint64_t most_cells = std::uint64_t{1} << 18;
constexpr std::uint64_t most_sets = 65'536;
constexpr std::uint64_t literals = 256;
constexpr std::uint64_t length_symbols = 24;
constexpr std::uint64_t distance_symbols = 40;

/// Reads integers of any number of bits, the least significant bit first.
class BitsFromLowest {
public:
    explicit BitsFromLowest(Bytes bytes) : bytes_(bytes) {}

    std::uint64_t bits(std::uint64_t count) {
        std::uint64_t value = 0;
        for (std::uint64_t i = 0; i < count; ++i) {
            value |= std::uint64_t{flag()} << i;
        }
        return value;
    }
    bool flag() {
        const std::size_t byte = at_ / 8;
        const auto shift = at_ % 8;
        ++at_;
        return byte < bytes_.size() && (std::to_integer<unsigned>(bytes_[byte]) >> shift & 1U) != 0;
    }
    /// Returns whether more bits were read than there are.
    bool is_over() const { return at_ > bytes_.size() * 8; }

private:
    Bytes bytes_;
    std::size_t at_ = 0;  ///< In bits.
};

using Lengths = std::vector<std::uint8_t>;

/// A canonical prefix code. A code with a single symbol uses no bits.
class PrefixCode {
public:
    /// @return nothing unless the code is complete
    static std::optional<PrefixCode> of(const Lengths& lengths) {
        PrefixCode code;
        for (const auto length : lengths) {
            ++code.counts_[length];
        }
        code.counts_[0] = 0;
        for (std::size_t length = 1; length < code.counts_.size(); ++length) {
            for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
                if (lengths[symbol] == length) {
                    code.symbols_.push_back(static_cast<std::uint16_t>(symbol));
                }
            }
        }
        int left = 1;
        for (std::size_t length = 1; length < code.counts_.size(); ++length) {
            left = 2 * left - code.counts_[length];
            if (left < 0) {
                return std::nullopt;
            }
        }
        return code.symbols_.size() == 1 || left == 0 ? std::optional(code) : std::nullopt;
    }

    bool is_constant() const { return symbols_.size() == 1; }

    std::uint64_t read(BitsFromLowest& reader) const {
        if (is_constant()) {
            return symbols_.front();
        }
        int code = 0;
        int first = 0;
        int index = 0;
        for (std::size_t length = 1; length < counts_.size(); ++length) {
            code |= reader.flag() ? 1 : 0;
            const int count = counts_[length];
            if (code - first < count) {
                return symbols_[static_cast<std::size_t>(index + code - first)];
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        return symbols_.back();  // Unreachable, because the code is complete.
    }

private:
    std::array<int, 16> counts_{};
    std::vector<std::uint16_t> symbols_;
};

std::optional<PrefixCode> read_simple_code(BitsFromLowest& reader, std::size_t symbols) {
    Lengths lengths(std::max<std::size_t>(symbols, literals));
    const bool has_two = reader.flag();
    const bool is_wide = reader.flag();
    lengths[reader.bits(is_wide ? 8 : 1)] = 1;
    if (has_two) {
        lengths[reader.bits(8)] = 1;
    }
    lengths.resize(symbols);
    return PrefixCode::of(lengths);
}

/// Reads the lengths of codes, which are themselves prefix-coded.
std::optional<Lengths> read_lengths(BitsFromLowest& reader, const PrefixCode& code,
                                    std::size_t symbols) {
    static constexpr std::uint64_t repeat_last = 16;
    static constexpr std::uint64_t repeat_zero = 17;
    std::uint64_t left = symbols;
    if (reader.flag()) {
        const auto bits = 2 + 2 * reader.bits(3);
        left = 2 + reader.bits(bits);
        if (left > symbols) {
            return std::nullopt;
        }
    }
    Lengths lengths;
    std::uint8_t last = 8;
    for (; lengths.size() < symbols && left > 0 && !reader.is_over(); --left) {
        const auto symbol = code.read(reader);
        if (symbol < repeat_last) {
            lengths.push_back(static_cast<std::uint8_t>(symbol));
            last = symbol == 0 ? last : lengths.back();
            continue;
        }
        const auto times = symbol == repeat_last   ? 3 + reader.bits(2)
                           : symbol == repeat_zero ? 3 + reader.bits(3)
                                                   : 11 + reader.bits(7);
        if (times > symbols - lengths.size()) {
            return std::nullopt;
        }
        lengths.insert(lengths.end(), times, symbol == repeat_last ? last : std::uint8_t{0});
    }
    lengths.resize(symbols);
    return lengths;
}

std::optional<PrefixCode> read_code(BitsFromLowest& reader, std::size_t symbols) {
    static constexpr std::array order{17, 18, 0, 1,  2,  3,  4,  5,  16, 6,
                                      7,  8,  9, 10, 11, 12, 13, 14, 15};
    if (reader.flag()) {
        return read_simple_code(reader, symbols);
    }
    Lengths lengths_of_lengths(order.size());
    const auto count = 4 + reader.bits(4);
    for (std::size_t i = 0; i < count; ++i) {
        lengths_of_lengths[static_cast<std::size_t>(order.at(i))] =
            static_cast<std::uint8_t>(reader.bits(3));
    }
    const auto code = PrefixCode::of(lengths_of_lengths);
    const auto lengths = code ? read_lengths(reader, *code, symbols) : std::nullopt;
    return lengths ? PrefixCode::of(*lengths) : std::nullopt;
}

/// @return the number of symbols for cached colours; nothing if the size is invalid
std::optional<std::uint64_t> read_cache_size(BitsFromLowest& reader) {
    static constexpr std::uint64_t most_bits = 11;
    if (!reader.flag()) {
        return 0;
    }
    const auto bits = reader.bits(4);
    return bits >= 1 && bits <= most_bits ? std::optional(std::uint64_t{1} << bits) : std::nullopt;
}

/// Reads an image in the header.
/// @return the largest value of red and green combined; nothing if the image is damaged
std::optional<std::uint64_t> read_picture(BitsFromLowest& reader, std::uint64_t cells) {
    const auto cached = read_cache_size(reader);
    if (!cached) {
        return std::nullopt;
    }
    std::vector<PrefixCode> codes;
    for (const std::uint64_t symbols :
         {literals + length_symbols + *cached, literals, literals, literals, distance_symbols}) {
        const auto code = read_code(reader, symbols);
        if (!code) {
            return std::nullopt;
        }
        codes.push_back(*code);
    }
    const auto number = [&reader](std::uint64_t prefix) {
        const auto bits = prefix < 4 ? 0 : (prefix - 2) >> 1U;
        return prefix < 4 ? prefix + 1 : ((2 + (prefix & 1U)) << bits) + reader.bits(bits) + 1;
    };
    const bool is_plain = std::all_of(codes.begin(), codes.begin() + 4,
                                      [](const PrefixCode& code) { return code.is_constant(); });
    std::uint64_t largest = 0;
    for (std::uint64_t cell = 0; cell < cells;) {
        if (reader.is_over()) {
            return std::nullopt;
        }
        const auto green = codes[0].read(reader);
        if (green < literals) {
            largest = std::max(largest, codes[1].read(reader) << 8U | green);
            codes[2].read(reader);
            codes[3].read(reader);
            cell += is_plain ? cells : 1;
        } else if (green < literals + length_symbols) {
            const auto length = number(green - literals);
            number(codes[4].read(reader));
            if (length > cells - cell) {
                return std::nullopt;
            }
            cell += length;
        } else {
            ++cell;  // A cached colour.
        }
    }
    return largest;
}

/// Returns the lowest 14 bits.
int side_of(std::uint32_t number) {
    return static_cast<int>(number & 0x3FFFU);
}

std::uint64_t divide_up(std::uint64_t value, std::uint64_t bits) {
    return (value + (std::uint64_t{1} << bits) - 1) >> bits;
}

/// Reads everything before the codes of an image.
std::optional<LosslessCodes> read_stream(Bytes stream, PixelSize size) {
    enum Transform : std::uint64_t { predictor, cross_colour, green, palette };
    BitsFromLowest reader(stream);
    auto width = static_cast<std::uint64_t>(size.width);
    const auto height = static_cast<std::uint64_t>(size.height);
    const auto cells = [&](std::uint64_t bits) {
        return divide_up(width, bits) * divide_up(height, bits);
    };
    // A header that is too large to be read counts as the worst case.
    const LosslessCodes worst{.sets = most_sets, .cached_colours = 2048};
    std::array<bool, 4> seen{};
    while (reader.flag()) {
        const auto transform = reader.bits(2);
        if (std::exchange(seen.at(transform), true)) {
            return std::nullopt;
        }
        if (transform == green) {
            continue;
        }
        const auto parameter = transform == palette ? reader.bits(8) + 1 : reader.bits(3) + 2;
        const auto colours = transform == palette ? parameter : cells(parameter);
        if (colours > most_cells) {
            return worst;
        }
        if (reader.is_over() || !read_picture(reader, colours)) {
            return std::nullopt;
        }
        if (transform == palette) {
            // With few colours, one pixel holds several.
            width = divide_up(width, colours <= 2 ? 3 : colours <= 4 ? 2 : colours <= 16 ? 1 : 0);
        }
    }
    const auto cached = read_cache_size(reader);
    if (!cached) {
        return std::nullopt;
    }
    if (!reader.flag()) {
        return LosslessCodes{.sets = 1, .cached_colours = *cached};
    }
    const auto blocks = cells(reader.bits(3) + 2);
    if (blocks > most_cells) {
        return worst;
    }
    const auto last = read_picture(reader, blocks);
    return last ? std::optional(LosslessCodes{.sets = *last + 1, .cached_colours = *cached})
                : std::nullopt;
}

}  // namespace

Cost LosslessCodes::cost() const {
    // Includes making the tables twice, as happens if an image arrives in pieces.
    static constexpr std::uint64_t set_work = 60'000;
    static constexpr std::uint64_t colour_work = 25;
    // libwebp 1.2.4: kTableSize in vp8l_dec.c, HTreeGroup.
    static constexpr std::uint64_t table_entries = 2300 + 654;
    static constexpr std::uint64_t entry_bytes = 4;
    static constexpr std::uint64_t set_bytes = 600;
    return {.work = sets * (set_work + cached_colours * colour_work),
            .memory = sets * (set_bytes + (table_entries + cached_colours) * entry_bytes)};
}

std::optional<LosslessCodes> read_lossless_codes(Bytes chunks) {
    static constexpr std::size_t chunk_header = 8;
    static constexpr std::size_t lossless_header = 5;  ///< A signature and the size.
    static constexpr std::size_t lossy_header = 10;    ///< Ends with the size.
    Bytes alpha;
    while (chunks.size() > chunk_header) {
        const auto name = as_text(chunks.first(4));
        const Bytes rest = chunks.subspan(chunk_header);
        const auto length =
            std::min<std::size_t>(read_u32(chunks, 4, ByteOrder::little), rest.size());
        const Bytes content = rest.first(length);
        // libwebp decodes the first image and the last alpha before it.
        if (name == "VP8L" && length >= lossless_header) {
            const auto sides = read_u32(content, 1, ByteOrder::little);
            return read_stream(content.subspan(lossless_header),
                               {.width = 1 + side_of(sides), .height = 1 + side_of(sides >> 14U)});
        }
        if (name == "VP8 " && length >= lossy_header) {
            return alpha.empty()
                       ? LosslessCodes{}
                       : read_stream(alpha,
                                     {.width = side_of(read_u16(content, 6, ByteOrder::little)),
                                      .height = side_of(read_u16(content, 8, ByteOrder::little))});
        }
        if (name == "ALPH" && length > 0) {
            const bool is_lossless = (std::to_integer<unsigned>(content[0]) & 3U) == 1;
            alpha = is_lossless ? content.subspan(1) : Bytes{};
        }
        chunks = rest.subspan(std::min(rest.size(), length + length % 2));
    }
    return LosslessCodes{};
}

}  // namespace speciesnet
