// SPDX-License-Identifier: Apache-2.0
// Signatures are so long that compressed pixels do not contain them by chance.
#include "disguise.hpp"

#include <algorithm>
#include <array>

namespace server {
namespace {

using namespace std::string_view_literals;

/// PDF readers search for the first line within this many bytes.
constexpr std::size_t pdf_searched = 1024;
constexpr auto pdf_signature = "%PDF-"sv;

struct Archive {
    std::string_view name;
    std::string_view signature;
};
constexpr std::array archives{Archive{"RAR archive", "Rar!\x1a\x07"sv},
                              Archive{"7-Zip archive", "7z\xbc\xaf\x27\x1c"sv}};

/// The end of a ZIP's central directory (APPNOTE.TXT, 4.3.16): this record, then a comment.
constexpr auto zip_end_signature = "PK\x05\x06"sv;
constexpr std::size_t zip_end_bytes = 22;
constexpr std::size_t longest_zip_comment = 65535;
constexpr std::size_t zip_disks_at = 4;
constexpr std::size_t zip_size_at = 12;
constexpr std::size_t zip_offset_at = 16;

/// The value of fields that a ZIP64 archive (4.3.14, 4.3.15) stores elsewhere, and the record that
/// locates them, right before the end.
constexpr std::size_t elsewhere = 0xffffffff;
constexpr auto zip64_locator_signature = "PK\x06\x07"sv;
constexpr std::size_t zip64_locator_bytes = 20;

std::size_t little_endian(std::string_view four_bytes) {
    std::size_t value = 0;
    for (std::size_t index = 4; index-- > 0;) {
        value = value << 8U | static_cast<unsigned char>(four_bytes[index]);
    }
    return value;
}

/// Returns whether an end record, found by its signature, is genuine: compressed pixels may contain
/// four bytes by chance, but hardly consistent fields.
/// @param at its start; the whole record is present
bool ends_zip(std::string_view bytes, std::size_t at) {
    const auto record = bytes.substr(at, zip_end_bytes);
    const auto disks = little_endian(record.substr(zip_disks_at, 4));
    const auto size = little_endian(record.substr(zip_size_at, 4));
    const auto offset = little_endian(record.substr(zip_offset_at, 4));
    const bool has_locator =
        at >= zip64_locator_bytes &&
        bytes.substr(at - zip64_locator_bytes).starts_with(zip64_locator_signature);
    // In a multi-disk archive, the directory is at that offset or on another disk.
    return size + offset <= bytes.size() || disks == elsewhere || size == elsewhere ||
           offset == elsewhere || has_locator;
}

bool is_zip(std::string_view bytes) {
    const auto most = zip_end_bytes + longest_zip_comment;
    auto at = bytes.size() - std::min(bytes.size(), most);
    while ((at = bytes.find(zip_end_signature, at)) != std::string_view::npos &&
           bytes.size() - at >= zip_end_bytes) {
        if (ends_zip(bytes, at)) {
            return true;
        }
        ++at;
    }
    return false;
}

}  // namespace

std::optional<std::string_view> disguised_format(std::span<const std::byte> image) {
    const std::string_view bytes(reinterpret_cast<const char*>(image.data()), image.size());
    if (bytes.substr(0, pdf_searched).find(pdf_signature) != std::string_view::npos) {
        return "PDF document";
    }
    for (const auto& archive : archives) {
        if (bytes.find(archive.signature) != std::string_view::npos) {
            return archive.name;
        }
    }
    if (is_zip(bytes)) {
        return "ZIP archive";
    }
    return std::nullopt;
}

}  // namespace server
