// SPDX-License-Identifier: Apache-2.0
// Lists the formats, and implements what they share.
#include "format.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace speciesnet {
namespace {

constexpr std::array formats = {&jpeg_format, &png_format,  &gif_format,  &bmp_format,
                                &webp_format, &tiff_format, &heic_format, &avif_format};

}  // namespace

bool has_png_signature(Bytes bytes) {
    return as_text(bytes).starts_with(png_signature);
}

bool has_webp_signature(Bytes bytes) {
    const std::string_view text = as_text(bytes);
    return text.starts_with("RIFF") && text.size() >= 12 && text.substr(8, 4) == "WEBP";
}

bool has_tiff_signature(Bytes bytes) {
    using namespace std::string_view_literals;
    const std::string_view text = as_text(bytes);
    return text.starts_with("II*\0"sv) || text.starts_with("MM\0*"sv) ||
           text.starts_with("II+\0"sv) || text.starts_with("MM\0+"sv);
}

const Format* find_format(Bytes bytes) {
    for (const auto* format : formats) {
        if (format->has_signature(bytes)) {
            return format;
        }
    }
    return nullptr;
}

bool can_decode(MediaType type) noexcept {
    return std::ranges::any_of(
        formats, [&](const auto* format) { return format->type == type && format->can_decode(); });
}

void throw_undecodable(MediaType type, std::string_view why) {
    throw InvalidImage(ErrorCode::undecodable_image,
                       std::string(media_type_name(type)).append(": ").append(why));
}

}  // namespace speciesnet
