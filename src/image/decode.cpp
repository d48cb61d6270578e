// SPDX-License-Identifier: Apache-2.0
// Decodes an image: validation, decoder, orientation, in this order.
#include "decode.hpp"

#include "speciesnet/image.hpp"

#include "exif.hpp"
#include "format.hpp"

#include <utility>

namespace speciesnet {

Image decode_within(std::span<const std::byte> bytes, Budget& budget,
                    std::optional<std::string_view> declared_type) {
    const MediaInfo info = validate(bytes, declared_type, budget.limits());
    const Format& format = *find_format(bytes);
    PixelSize size{info.width, info.height};
    const int orientation = format.read_orientation(bytes);
    Pixels pixels = format.decode_rgb(bytes, size, budget);
    if (orientation != 1) {
        budget.spend(turning_cost(size).work);
        pixels.rgb = upright(std::move(pixels.rgb), size, orientation);
    }
    return Image::from_rgb(size.width, size.height, std::move(pixels.rgb), pixels.truncated);
}

Image decode(std::span<const std::byte> bytes, const DecodeLimits& limits, std::stop_token stop) {
    return decode(bytes, std::nullopt, limits, std::move(stop));
}

Image decode(std::span<const std::byte> bytes, std::optional<std::string_view> declared_type,
             const DecodeLimits& limits, std::stop_token stop) {
    Budget budget(limits, std::move(stop));
    return decode_within(bytes, budget, declared_type);
}

Image decode_file(const std::filesystem::path& path, const DecodeLimits& limits,
                  std::stop_token stop) {
    return decode(read_encoded_file(path, limits), limits, std::move(stop));
}

}  // namespace speciesnet
