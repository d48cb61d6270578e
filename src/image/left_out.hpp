// SPDX-License-Identifier: Apache-2.0
// Refuses a recognised format whose library is missing in this build.
#pragma once

#include "format.hpp"

namespace speciesnet {

/// Throws InvalidImage, naming the library that a build needs for the format, and what to do.
[[noreturn]] void refuse_left_out(MediaType type);

template <MediaType type, bool (*has_signature)(Bytes)>
constexpr Format left_out_format{
    .type = type,
    .has_signature = has_signature,
    .read_header = [](Bytes) -> Header { refuse_left_out(type); },
    .decode_rgb = [](Bytes, PixelSize, Budget&) -> Pixels { refuse_left_out(type); },
    .read_orientation = [](Bytes) { return 1; },
    .find_exif = [](Bytes, std::vector<std::byte>&) { return Bytes(); },
    .can_decode = [] { return false; }};

}  // namespace speciesnet
