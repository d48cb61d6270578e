// SPDX-License-Identifier: Apache-2.0
// HEIC and AVIF in a build without libheif: refused.
#include "heif_decoder.hpp"

#include <string>

namespace speciesnet {

Header read_heif_header(Bytes, MediaType type) {
    throw InvalidImage(ErrorCode::media_type_mismatch,
                       std::string(media_type_name(type)) +
                           ": this build has no libheif and cannot read it; convert the photo to "
                           "JPEG, or build with libheif (docs/reference/images.md)");
}

Pixels decode_heif(Bytes file, MediaType type, PixelSize, Budget&) {
    read_heif_header(file, type);
    return {};
}

bool can_decode(MediaType type) noexcept {
    return type != MediaType::heic && type != MediaType::avif;
}

}  // namespace speciesnet
