// EXIF orientation as Pillow's ImageOps.exif_transpose() finds and applies it.
#include "exif.hpp"

#include "byte_order.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace speciesnet {
namespace {

constexpr std::uint16_t orientation_tag = 0x0112;
constexpr std::string_view exif_prefix{"Exif\0\0", 6};

enum class FieldType : std::uint16_t {
    unsigned_short = 3,
    unsigned_long = 4,
    unsigned_rational = 5,
    signed_byte = 6,
    signed_short = 8,
    signed_long = 9,
    signed_rational = 10,
    single = 11,
    real = 12,
    directory = 13,
    unsigned_long8 = 16,
};

/// Bytes of one value of a TIFF field type; 0 for types that Pillow does not know.
std::size_t field_bytes(std::uint16_t type) {
    static constexpr std::array<std::uint8_t, 17> sizes = {0, 1, 1, 2, 4, 8, 1, 1, 2,
                                                           4, 8, 4, 8, 4, 0, 0, 8};
    return type < sizes.size() ? sizes[type] : 0;
}

/// The first value of a numeric field; nothing for text and raw bytes.
std::optional<double> first_number(std::uint16_t type, Bytes value, ByteOrder order) {
    const std::size_t bytes = field_bytes(type);
    const auto u32 = [&](std::size_t at) { return read_u32(value, at, order); };
    const auto s32 = [&](std::size_t at) { return static_cast<std::int32_t>(u32(at)); };
    const std::uint64_t raw = read_unsigned(value.first(bytes), order);
    switch (static_cast<FieldType>(type)) {
        case FieldType::unsigned_short:
        case FieldType::unsigned_long:
        case FieldType::directory:
        case FieldType::unsigned_long8:
            return static_cast<double>(raw);
        case FieldType::signed_byte:
            return static_cast<std::int8_t>(raw);
        case FieldType::signed_short:
            return static_cast<std::int16_t>(raw);
        case FieldType::signed_long:
            return static_cast<std::int32_t>(raw);
        case FieldType::unsigned_rational:
            return static_cast<double>(u32(0)) / u32(4);
        case FieldType::signed_rational:
            return static_cast<double>(s32(0)) / s32(4);
        case FieldType::single:
            return std::bit_cast<float>(static_cast<std::uint32_t>(raw));
        case FieldType::real:
            return std::bit_cast<double>(raw);
    }
    return std::nullopt;
}

/// Byte order of a TIFF structure, or nothing if it does not begin as one. Pillow lets pass that
/// the version is in the other byte order than the rest.
std::optional<ByteOrder> tiff_byte_order(std::string_view start) {
    using namespace std::string_view_literals;
    if (start.starts_with("II*\0"sv) || start.starts_with("II\0*"sv)) {
        return ByteOrder::little;
    }
    if (start.starts_with("MM\0*"sv) || start.starts_with("MM*\0"sv)) {
        return ByteOrder::big;
    }
    return std::nullopt;
}

/// Orientation in the first directory of a TIFF structure; nothing if it has none. 0 stands for a
/// value that is no number. Entries are read in order and the reading ends where the file lies
/// about its length: what came before still counts, as in Pillow.
std::optional<double> orientation_in_exif(MediaType media_type, Bytes exif) {
    for (int i = 0; i < 2 && as_text(exif).starts_with(exif_prefix); ++i) {
        exif = exif.subspan(exif_prefix.size());
    }
    if (exif.empty()) {
        return std::nullopt;
    }
    const auto byte_order = tiff_byte_order(as_text(exif));
    if (!byte_order || exif.size() < 8) {
        throw_undecodable(media_type, "the EXIF block is none");
    }
    const ByteOrder order = *byte_order;
    std::size_t at = read_u32(exif, 4, order);
    if (at > exif.size() || exif.size() - at < 2) {
        return std::nullopt;
    }
    const std::size_t entries = read_u16(exif, at, order);
    at += 2;
    std::uint64_t outside = 0;
    for (std::size_t i = 0; i < entries && exif.size() - at >= 12; ++i, at += 12) {
        const std::uint16_t tag = read_u16(exif, at, order);
        const std::uint16_t type = read_u16(exif, at + 2, order);
        const std::uint64_t bytes =
            field_bytes(type) * std::uint64_t{read_u32(exif, at + 4, order)};
        if (bytes == 0) {
            continue;
        }
        std::size_t where = at + 8;
        if (bytes > 4) {
            outside += bytes;
            if (outside > exif.size()) {
                continue;
            }
            where = read_u32(exif, where, order);
            if (where > exif.size() || exif.size() - where < bytes) {
                break;
            }
        }
        if (tag == orientation_tag) {
            return first_number(type, exif.subspan(where, bytes), order).value_or(0);
        }
    }
    return std::nullopt;
}

/// The digit behind `tiff:Orientation="` or `tiff:Orientation>`.
std::optional<double> orientation_in_xmp(std::string_view xmp) {
    static constexpr std::string_view name = "tiff:Orientation";
    for (std::size_t at = xmp.find(name); at != std::string_view::npos; at = xmp.find(name, at)) {
        at += name.size();
        std::string_view rest = xmp.substr(at);
        if (rest.starts_with("=\"")) {
            rest.remove_prefix(2);
        } else if (rest.starts_with(">")) {
            rest.remove_prefix(1);
        } else {
            continue;
        }
        if (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
            return rest[0] - '0';
        }
    }
    return std::nullopt;
}

}  // namespace

int find_orientation(MediaType type, Bytes exif, std::string_view xmp) {
    std::optional<double> value = orientation_in_exif(type, exif);
    if (!value) {
        value = orientation_in_xmp(xmp);
    }
    for (int known = 2; known <= 8; ++known) {
        if (value == known) {
            return known;
        }
    }
    return 1;
}

std::vector<std::uint8_t> upright(std::vector<std::uint8_t> rgb, PixelSize& size, int orientation) {
    if (orientation == 1) {
        return rgb;
    }
    // Source position of the first pixel, and how it moves along a row and from row to row.
    const bool transposed = orientation >= 5;
    const bool from_right =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool from_bottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const auto row = static_cast<std::ptrdiff_t>(rgb_row_bytes(size));
    const std::ptrdiff_t along_x = from_right ? -3 : 3;
    const std::ptrdiff_t along_y = from_bottom ? -row : row;
    const std::ptrdiff_t first =
        (from_right ? row - 3 : 0) + (from_bottom ? row * (size.height - 1) : 0);
    if (transposed) {
        std::swap(size.width, size.height);
    }
    const std::ptrdiff_t step = transposed ? along_y : along_x;
    const std::ptrdiff_t row_step = transposed ? along_x : along_y;
    std::vector<std::uint8_t> turned(rgb.size());
    std::uint8_t* to = turned.data();
    for (std::ptrdiff_t y = 0; y < size.height; ++y) {
        const std::uint8_t* from = rgb.data() + first + y * row_step;
        for (int x = 0; x < size.width; ++x, from += step, to += 3) {
            std::copy_n(from, 3, to);
        }
    }
    return turned;
}

}  // namespace speciesnet
