// decode(): gate, decoder, orientation, in this order.
#include "speciesnet/image.hpp"

#include "exif.hpp"
#include "format.hpp"

#include <utility>

namespace speciesnet {

Image decode(std::span<const std::byte> bytes, const DecodeLimits& limits) {
    const MediaInfo info = validate(bytes, std::nullopt, limits);
    const Format& format = *find_format(bytes);
    PixelSize size{info.width, info.height};
    const int orientation = format.read_orientation(bytes);
    std::vector<std::uint8_t> rgb = upright(format.decode_rgb(bytes, size), size, orientation);
    return Image::from_rgb(size.width, size.height, std::move(rgb));
}

Image decode_file(const std::filesystem::path& path, const DecodeLimits& limits) {
    return decode(read_encoded_file(path, limits), limits);
}

}  // namespace speciesnet
