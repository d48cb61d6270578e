// SPDX-License-Identifier: Apache-2.0
// Source: XMP Specification part 3, 1.1.3: an APP1 segment that starts with the name of the
// namespace.
#include "jpeg_packet.hpp"

#include "speciesnet/error.hpp"

#include "xmp_packet.hpp"

#include <cstdint>

namespace speciesnet::cli {
namespace {

using namespace std::string_view_literals;

constexpr auto signature = "http://ns.adobe.com/xap/1.0/\0"sv;
constexpr std::size_t head = 4;  ///< Marker and length.
/// The length field includes its own two bytes.
constexpr std::size_t longest_packet = 65'535 - 2 - signature.size();
constexpr unsigned char app0 = 0xE0;
constexpr unsigned char app1 = 0xE1;
constexpr unsigned char start_of_scan = 0xDA;

unsigned char byte_at(std::string_view text, std::size_t place) {
    return static_cast<unsigned char>(text[place]);
}

std::string segment(std::string_view packet) {
    const auto length = 2 + signature.size() + packet.size();
    std::string text{'\xFF', static_cast<char>(app1), static_cast<char>(length >> 8U),
                     static_cast<char>(length & 0xFFU)};
    text += signature;
    return text += packet;
}

}  // namespace

std::string with_xmp(std::span<const std::byte> jpeg, std::string_view packet) {
    const std::string_view file(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
    if (!file.starts_with("\xFF\xD8\xFF")) {
        throw InvalidArgument("it is not a JPEG file");
    }
    if (packet.size() > longest_packet) {
        throw InvalidArgument("its metadata is too long for a JPEG file");
    }
    std::string result(file.substr(0, 2));
    bool is_written = false;
    std::size_t place = 2;
    while (place + head <= file.size() && byte_at(file, place) == 0xFF &&
           byte_at(file, place + 1) != start_of_scan) {
        const auto marker = byte_at(file, place + 1);
        const std::size_t length = 2 + (static_cast<std::size_t>(byte_at(file, place + 2)) << 8U |
                                        byte_at(file, place + 3));
        const auto whole = file.substr(place, length);
        if (length < head || whole.size() < length) {
            break;  // Damaged from here on; the rest is copied unchanged.
        }
        const auto content = whole.substr(head);
        place += length;
        if (marker == app1 && content.starts_with(signature)) {
            if (content.find(xmp_toolkit) == std::string_view::npos) {
                throw InvalidArgument("it has XMP of another program, which is kept");
            }
            continue;
        }
        if (!is_written && marker != app0 && marker != app1) {
            result += segment(packet);
            is_written = true;
        }
        result += whole;
    }
    if (!is_written) {
        result += segment(packet);
    }
    result += file.substr(place);
    return result;
}

}  // namespace speciesnet::cli
