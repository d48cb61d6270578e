// PNG, GIF and BMP by stb_image.
#include "byte_order.hpp"
#include "format.hpp"

#include <climits>
#include <memory>

#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_ONLY_GIF
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <stb_image.h>
#pragma GCC diagnostic pop

namespace speciesnet {
namespace {

int stb_length(Bytes bytes, MediaType type) {
    if (bytes.size() > INT_MAX) {
        throw_undecodable(type, "longer than 2 GiB");
    }
    return static_cast<int>(bytes.size());
}

template <MediaType type>
PixelSize read_size(Bytes bytes) {
    PixelSize size;
    int channels = 0;
    if (stbi_info_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()),
                              stb_length(bytes, type), &size.width, &size.height, &channels) == 0) {
        throw_undecodable(type, stbi_failure_reason());
    }
    return size;
}

template <MediaType type>
std::vector<std::uint8_t> decode_rgb(Bytes bytes, PixelSize expected) {
    PixelSize size;
    int channels = 0;
    const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
        stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()),
                              stb_length(bytes, type), &size.width, &size.height, &channels, 3),
        stbi_image_free);
    if (!pixels) {
        throw_undecodable(type, stbi_failure_reason());
    }
    if (size != expected) {
        throw_undecodable(type, "header and body disagree about the size");
    }
    return {pixels.get(), pixels.get() + rgb_bytes(size)};
}

bool has_png_signature(Bytes bytes) {
    return as_text(bytes).starts_with("\x89PNG\r\n\x1A\n");
}

bool has_gif_signature(Bytes bytes) {
    const std::string_view text = as_text(bytes);
    return text.starts_with("GIF87a") || text.starts_with("GIF89a");
}

bool has_bmp_signature(Bytes bytes) {
    return as_text(bytes).starts_with("BM");
}

Metadata read_png_metadata(Bytes bytes) {
    Metadata metadata;
    for (std::size_t at = 8; bytes.size() - at >= 12;) {
        const std::size_t length = read_u32(bytes, at, ByteOrder::big);
        if (bytes.size() - at - 12 < length) {
            break;
        }
        if (as_text(bytes.subspan(at + 4, 4)) == "eXIf") {
            const Bytes chunk = bytes.subspan(at + 8, length);
            metadata.exif.assign(chunk.begin(), chunk.end());
        }
        at += 12 + length;
    }
    return metadata;
}

Metadata no_metadata(Bytes) {
    return {};
}

}  // namespace

const Format png_format{MediaType::png, has_png_signature, read_size<MediaType::png>,
                        decode_rgb<MediaType::png>, read_png_metadata};
const Format gif_format{MediaType::gif, has_gif_signature, read_size<MediaType::gif>,
                        decode_rgb<MediaType::gif>, no_metadata};
const Format bmp_format{MediaType::bmp, has_bmp_signature, read_size<MediaType::bmp>,
                        decode_rgb<MediaType::bmp>, no_metadata};

}  // namespace speciesnet
