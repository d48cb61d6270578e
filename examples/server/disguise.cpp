// Signatures are long enough that compressed pixels do not hold them by chance.
#include "disguise.hpp"

#include <algorithm>
#include <array>

namespace server {
namespace {

using namespace std::string_view_literals;

/// Readers of PDF look for its first line this far.
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

std::size_t little_endian(std::string_view four_bytes) {
    std::size_t value = 0;
    for (std::size_t index = 4; index-- > 0;) {
        value = value << 8U | static_cast<unsigned char>(four_bytes[index]);
    }
    return value;
}

bool is_zip(std::string_view bytes) {
    const auto most = zip_end_bytes + longest_zip_comment;
    auto rest = bytes.substr(bytes.size() - std::min(bytes.size(), most));
    while (true) {
        rest.remove_prefix(std::min(rest.find(zip_end_signature), rest.size()));
        if (rest.size() < zip_end_bytes) {
            return false;
        }
        const auto directory_end = little_endian(rest.substr(zip_size_at, 4)) +
                                   little_endian(rest.substr(zip_offset_at, 4));
        if (little_endian(rest.substr(zip_disks_at, 4)) == 0 && directory_end <= bytes.size()) {
            return true;
        }
        rest.remove_prefix(1);
    }
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
