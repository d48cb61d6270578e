// SPDX-License-Identifier: Apache-2.0
// The list of formats, and code that they share.
#include "format.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace speciesnet {

const Format* find_format(Bytes bytes) {
    static constexpr std::array formats = {&jpeg_format, &png_format,  &gif_format,  &bmp_format,
                                           &webp_format, &tiff_format, &heic_format, &avif_format};
    const auto* const found =
        std::ranges::find_if(formats, [&](auto* format) { return format->has_signature(bytes); });
    return found == formats.end() ? nullptr : *found;
}

void throw_undecodable(MediaType type, std::string_view why) {
    throw InvalidImage(ErrorCode::undecodable_image,
                       std::string(media_type_name(type)).append(": ").append(why));
}

}  // namespace speciesnet
