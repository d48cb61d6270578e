// SPDX-License-Identifier: Apache-2.0
#include "left_out.hpp"

#include <string>

namespace speciesnet {
namespace {

const char* library_of(MediaType type) {
    switch (type) {
        case MediaType::png:
            return "libpng";
        case MediaType::webp:
            return "libwebp";
        case MediaType::tiff:
            return "libtiff";
        default:
            return "libheif";
    }
}

}  // namespace

void refuse_left_out(MediaType type) {
    const std::string library = library_of(type);
    throw InvalidImage(ErrorCode::media_type_mismatch,
                       std::string(media_type_name(type)) + ": this build has no " + library +
                           " and cannot read it; convert the photo to JPEG, or build with " +
                           library + " (docs/reference/images.md)");
}

}  // namespace speciesnet
