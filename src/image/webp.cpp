// WebP by libwebp.
#include "byte_order.hpp"
#include "format.hpp"

#include <webp/decode.h>

namespace speciesnet {
namespace {

const std::uint8_t* raw(Bytes bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

bool has_signature(Bytes bytes) {
    const std::string_view text = as_text(bytes);
    return text.starts_with("RIFF") && text.size() >= 12 && text.substr(8, 4) == "WEBP";
}

PixelSize read_size(Bytes bytes) {
    PixelSize size;
    if (WebPGetInfo(raw(bytes), bytes.size(), &size.width, &size.height) == 0) {
        throw_undecodable(MediaType::webp, "damaged header");
    }
    return size;
}

std::vector<std::uint8_t> decode_rgb(Bytes bytes, PixelSize size) {
    std::vector<std::uint8_t> rgb(rgb_bytes(size));
    if (WebPDecodeRGBInto(raw(bytes), bytes.size(), rgb.data(), rgb.size(),
                          static_cast<int>(rgb_row_bytes(size))) == nullptr) {
        throw_undecodable(MediaType::webp, "damaged body");
    }
    return rgb;
}

/// Walks the chunks of the RIFF container.
Metadata read_metadata(Bytes bytes) {
    Metadata metadata;
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
        const std::size_t length = read_u32(bytes, at + 4, ByteOrder::little);
        if (bytes.size() - at - 8 < length) {
            break;
        }
        const std::string_view name = as_text(bytes.subspan(at, 4));
        const Bytes chunk = bytes.subspan(at + 8, length);
        if (name == "EXIF") {
            metadata.exif.assign(chunk.begin(), chunk.end());
        } else if (name == "XMP ") {
            metadata.xmp = as_text(chunk);
        }
        at += 8 + length + length % 2;
    }
    return metadata;
}

}  // namespace

const Format webp_format{MediaType::webp, has_signature, read_size, decode_rgb, read_metadata};

}  // namespace speciesnet
