// SPDX-License-Identifier: Apache-2.0
// Finds fields in the same way as Pillow's ImageFileDirectory, so that damaged blocks give the same
// result.
#include "exif_directory.hpp"

#include <array>
#include <bit>
#include <string_view>

namespace speciesnet {
namespace {

constexpr std::string_view exif_prefix{"Exif\0\0", 6};
constexpr std::size_t header_bytes = 8;

enum class FieldType : std::uint16_t {
    text = 2,
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

/// Returns the byte order of a TIFF structure, or nothing if its start is invalid. As Pillow does,
/// accepts a version in the other byte order than the rest.
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

}  // namespace

std::size_t tiff_field_bytes(std::uint16_t type) {
    static constexpr std::array<std::uint8_t, 17> sizes = {0, 1, 1, 2, 4, 8, 1, 1, 2,
                                                           4, 8, 4, 8, 4, 0, 0, 8};
    return type < sizes.size() ? sizes[type] : 0;
}

Bytes without_exif_prefix(Bytes exif) {
    for (int i = 0; i < 2 && as_text(exif).starts_with(exif_prefix); ++i) {
        exif = exif.subspan(exif_prefix.size());
    }
    return exif;
}

std::optional<double> ExifField::number(std::size_t index) const {
    const std::size_t bytes = tiff_field_bytes(type);
    if (bytes == 0 || index >= values.size() / bytes) {
        return std::nullopt;
    }
    const Bytes value = values.subspan(index * bytes, bytes);
    const auto u32 = [&](std::size_t at) { return read_u32(value, at, order); };
    const auto s32 = [&](std::size_t at) { return static_cast<std::int32_t>(u32(at)); };
    const std::uint64_t raw = read_unsigned(value, order);
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
        case FieldType::text:
            break;
    }
    return std::nullopt;
}

std::string ExifField::text() const {
    if (static_cast<FieldType>(type) != FieldType::text) {
        return {};
    }
    std::string_view characters = as_text(values);
    characters = characters.substr(0, characters.find('\0'));
    const std::size_t first = characters.find_first_not_of(' ');
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string(characters.substr(first, characters.find_last_not_of(' ') - first + 1));
}

std::optional<ExifBlock> ExifBlock::open(Bytes exif) {
    exif = without_exif_prefix(exif);
    const auto order = tiff_byte_order(as_text(exif));
    return order && exif.size() >= header_bytes ? std::optional(ExifBlock(exif, *order))
                                                : std::nullopt;
}

void ExifBlock::for_each_field(std::size_t offset,
                               const std::function<bool(const ExifField&)>& visit) const {
    if (offset > bytes_.size() || bytes_.size() - offset < 2) {
        return;
    }
    const std::size_t entries = read_u16(bytes_, offset, order_);
    std::size_t at = offset + 2;
    std::uint64_t outside = 0;
    for (std::size_t i = 0; i < entries && bytes_.size() - at >= 12; ++i, at += 12) {
        const std::uint16_t tag = read_u16(bytes_, at, order_);
        const std::uint16_t type = read_u16(bytes_, at + 2, order_);
        const std::uint64_t bytes =
            tiff_field_bytes(type) * std::uint64_t{read_u32(bytes_, at + 4, order_)};
        if (bytes == 0) {
            continue;
        }
        std::size_t where = at + 8;
        if (bytes > 4) {
            outside += bytes;
            if (outside > bytes_.size()) {
                continue;
            }
            where = read_u32(bytes_, where, order_);
            if (where > bytes_.size() || bytes_.size() - where < bytes) {
                return;
            }
        }
        if (!visit({tag, type, bytes_.subspan(where, static_cast<std::size_t>(bytes)), order_})) {
            return;
        }
    }
}

}  // namespace speciesnet
