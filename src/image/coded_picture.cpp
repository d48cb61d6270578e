// SPDX-License-Identifier: Apache-2.0
// Reads sequence headers of HEVC (ITU-T H.265, 7.3.2.2) and AV1 (AV1 bitstream specification, 5.5).
#include "coded_picture.hpp"

#include "bit_reader.hpp"
#include "byte_order.hpp"

#include <algorithm>
#include <vector>

namespace speciesnet {
namespace {

/// Returns a unit without its emulation prevention bytes.
std::vector<std::byte> without_emulation_prevention(Bytes unit) {
    std::vector<std::byte> plain;
    plain.reserve(unit.size());
    int zeros = 0;
    for (const std::byte byte : unit) {
        if (zeros >= 2 && byte == std::byte{3}) {
            zeros = 0;
            continue;
        }
        zeros = byte == std::byte{0} ? zeros + 1 : 0;
        plain.push_back(byte);
    }
    return plain;
}

void skip_profile_tier_level(BitReader& reader, int sub_layers) {
    static constexpr std::size_t profile_bits = 88;
    static constexpr std::size_t level_bits = 8;
    static constexpr int most_sub_layers = 8;
    reader.skip(profile_bits + level_bits);
    std::size_t bits = 0;
    for (int i = 0; i < sub_layers; ++i) {
        bits += reader.flag() ? profile_bits : 0;
        bits += reader.flag() ? level_bits : 0;
    }
    if (sub_layers > 0) {
        bits += static_cast<std::size_t>(most_sub_layers - sub_layers) * 2;
    }
    reader.skip(bits);
}

/// Returns the number of pixels of the frames that a sequence parameter set declares.
std::optional<std::uint64_t> pixels_of_parameter_set(Bytes unit) {
    static constexpr std::size_t most_bytes = 1024;
    const auto plain = without_emulation_prevention(unit.first(std::min(unit.size(), most_bytes)));
    BitReader reader(plain);
    reader.skip(16 + 4);  // The header of the unit and the id of the video parameter set.
    const auto sub_layers = static_cast<int>(reader.bits(3));
    reader.skip(1);
    skip_profile_tier_level(reader, sub_layers);
    reader.exp_golomb();
    static constexpr std::uint64_t separate_planes_possible = 3;
    if (reader.exp_golomb() == separate_planes_possible) {
        reader.skip(1);
    }
    const std::uint64_t width = reader.exp_golomb();
    const std::uint64_t height = reader.exp_golomb();
    return reader.is_over() ? std::nullopt : std::optional(width * height);
}

/// Reads one unit of HEVC.
std::optional<CodedPicture> read_hevc_unit(Bytes unit) {
    static constexpr std::size_t header_bytes = 2;
    static constexpr std::uint64_t first_non_slice = 32;
    static constexpr std::uint64_t sequence_parameter_set = 33;
    if (unit.size() <= header_bytes) {
        return CodedPicture{};
    }
    BitReader header(unit);
    header.skip(1);
    const std::uint64_t type = header.bits(6);
    const bool is_base_layer = header.bits(6) == 0;
    header.skip(3);
    if (type < first_non_slice) {
        const bool begins_frame = header.flag();
        return CodedPicture{.frames = begins_frame ? 1U : 0U, .passes = 1};
    }
    if (type != sequence_parameter_set || !is_base_layer) {
        return CodedPicture{};
    }
    const auto pixels = pixels_of_parameter_set(unit);
    return pixels ? std::optional(CodedPicture{.pixels = *pixels}) : std::nullopt;
}

/// Reads leb128(). Returns nothing if the value extends beyond the end or is too long.
std::optional<std::uint64_t> read_leb128(Bytes& rest) {
    static constexpr std::size_t most_bytes = 8;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < std::min(rest.size(), most_bytes); ++i) {
        const auto byte = std::to_integer<std::uint64_t>(rest[i]);
        value |= (byte & 0x7F) << (7 * i);
        if ((byte & 0x80) == 0) {
            rest = rest.subspan(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

void skip_operating_points(BitReader& reader) {
    int delay_bits = 0;
    if (reader.flag()) {  // Timing.
        reader.skip(32 + 32);
        if (reader.flag()) {
            reader.exp_golomb();
        }
        if (reader.flag()) {  // The decoder model.
            delay_bits = static_cast<int>(reader.bits(5)) + 1;
            reader.skip(32 + 5 + 5);
        }
    }
    const bool has_display_delay = reader.flag();
    const std::uint64_t points = reader.bits(5) + 1;
    for (std::uint64_t i = 0; i < points; ++i) {
        static constexpr std::uint64_t last_level_without_tier = 7;
        reader.skip(12);
        if (reader.bits(5) > last_level_without_tier) {
            reader.skip(1);
        }
        if (delay_bits > 0 && reader.flag()) {
            reader.skip(static_cast<std::size_t>(delay_bits) * 2 + 1);
        }
        if (has_display_delay && reader.flag()) {
            reader.skip(4);
        }
    }
}

/// Returns the number of pixels of the largest frame that a sequence header allows. A frame may
/// have its own size, which is bounded only by the number of bits.
std::optional<std::uint64_t> pixels_of_sequence_header(Bytes header) {
    BitReader reader(header);
    reader.skip(3 + 1);
    if (reader.flag()) {  // The reduced header of a still image.
        reader.skip(5);
    } else {
        skip_operating_points(reader);
    }
    const auto width_bits = reader.bits(4) + 1;
    const auto height_bits = reader.bits(4) + 1;
    return reader.is_over() ? std::nullopt
                            : std::optional(std::uint64_t{1} << (width_bits + height_bits));
}

}  // namespace

void CodedPicture::add(const CodedPicture& other) {
    pixels = std::max(pixels, other.pixels);
    frames += other.frames;
    passes += other.passes;
}

std::optional<CodedPicture> read_hevc(Bytes stream) {
    static constexpr std::size_t length_bytes = 4;
    CodedPicture whole;
    while (!stream.empty()) {
        if (stream.size() < length_bytes) {
            return std::nullopt;
        }
        const std::size_t length = read_u32(stream, 0, ByteOrder::big);
        stream = stream.subspan(length_bytes);
        if (length > stream.size()) {
            return std::nullopt;
        }
        const auto unit = read_hevc_unit(stream.first(length));
        if (!unit) {
            return std::nullopt;
        }
        whole.add(*unit);
        stream = stream.subspan(length);
    }
    return whole;
}

std::optional<CodedPicture> read_hevc_configuration(Bytes configuration) {
    static constexpr std::size_t length_size_at = 21;
    static constexpr std::size_t header_bytes = 23;
    // libheif assumes that each length has four bytes.
    if (configuration.size() < header_bytes ||
        (configuration[length_size_at] & std::byte{3}) != std::byte{3}) {
        return std::nullopt;
    }
    CodedPicture whole;
    Bytes rest = configuration.subspan(header_bytes);
    const auto arrays = std::to_integer<int>(configuration[header_bytes - 1]);
    for (int array = 0; array < arrays; ++array) {
        static constexpr std::size_t array_bytes = 3;
        if (rest.size() < array_bytes) {
            return std::nullopt;
        }
        const int units = read_u16(rest, 1, ByteOrder::big);
        rest = rest.subspan(array_bytes);
        for (int i = 0; i < units; ++i) {
            const std::size_t length = rest.size() < 2 ? 0 : read_u16(rest, 0, ByteOrder::big);
            if (rest.size() < 2 || length > rest.size() - 2) {
                return std::nullopt;
            }
            const auto unit = read_hevc_unit(rest.subspan(2, length));
            if (!unit) {
                return std::nullopt;
            }
            whole.add(*unit);
            rest = rest.subspan(2 + length);
        }
    }
    return whole;
}

std::optional<CodedPicture> read_av1(Bytes stream) {
    enum UnitType : std::uint64_t { sequence_header = 1, frame_header = 3, frame = 6 };
    CodedPicture whole;
    while (!stream.empty()) {
        BitReader header(stream);
        header.skip(1);
        const std::uint64_t type = header.bits(4);
        const bool has_extension = header.flag();
        const bool has_length = header.flag();
        const std::size_t header_bytes = has_extension ? 2 : 1;
        if (stream.size() < header_bytes) {
            return std::nullopt;
        }
        stream = stream.subspan(header_bytes);
        const auto length = has_length ? read_leb128(stream) : stream.size();
        if (!length || *length > stream.size()) {
            return std::nullopt;
        }
        const Bytes unit = stream.first(static_cast<std::size_t>(*length));
        if (type == sequence_header) {
            const auto pixels = pixels_of_sequence_header(unit);
            if (!pixels) {
                return std::nullopt;
            }
            whole.add({.pixels = *pixels});
        } else if (type == frame || type == frame_header) {
            whole.add({.frames = 1, .passes = 1});
        }
        stream = stream.subspan(unit.size());
    }
    return whole;
}

}  // namespace speciesnet
