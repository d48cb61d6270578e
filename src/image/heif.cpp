// SPDX-License-Identifier: Apache-2.0
// Implements the formats HEIC and AVIF.
#include "format.hpp"
#include "heif_decoder.hpp"
#include "heif_file.hpp"

namespace speciesnet {
namespace {

template <MediaType type>
bool has_signature(Bytes file) {
    return heif_type(file) == type;
}

template <MediaType type>
Header read_header(Bytes file) {
    return read_heif_header(file, type);
}

template <MediaType type>
Pixels decode_rgb(Bytes file, PixelSize size, Budget& budget) {
    return decode_heif(file, type, size, budget);
}

/// libheif applies the container's rotation. Many writers repeat it in EXIF, which must be ignored.
int read_orientation(Bytes) {
    return 1;
}

template <MediaType type>
Bytes find_exif(Bytes file, std::vector<std::byte>& store) {
    return HeifFile(file, type).find_exif(store);
}

template <MediaType type>
constexpr Format heif_format{type,
                             has_signature<type>,
                             read_header<type>,
                             decode_rgb<type>,
                             read_orientation,
                             find_exif<type>,
                             [] { return has_heif_decoder(type); }};

}  // namespace

const Format heic_format = heif_format<MediaType::heic>;
const Format avif_format = heif_format<MediaType::avif>;

}  // namespace speciesnet
