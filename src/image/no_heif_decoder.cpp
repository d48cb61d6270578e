// SPDX-License-Identifier: Apache-2.0
// Refuses HEIC and AVIF in builds without libheif.
#include "heif_decoder.hpp"
#include "left_out.hpp"

namespace speciesnet {

bool has_heif_decoder(MediaType) {
    return false;
}

Header read_heif_header(Bytes, MediaType type) {
    refuse_left_out(type);
}

Pixels decode_heif(Bytes, MediaType type, PixelSize, Budget&) {
    refuse_left_out(type);
}

}  // namespace speciesnet
