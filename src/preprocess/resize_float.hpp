// SPDX-License-Identifier: Apache-2.0
// torch's upsample_bilinear2d (align_corners=False) on single-precision tensors, bit-exact.
#pragma once

#include "speciesnet/image.hpp"

#include <cstdint>
#include <vector>

namespace speciesnet {

/// A rectangle in whole pixels, which may lie partly or wholly beyond the image.
struct PixelRegion {
    int left;
    int top;
    int width;   ///< ≥ 1
    int height;  ///< ≥ 1
};

/// Scales the part of `image` under `box` to side × side pixels in 0..1, black beyond the border,
/// and converts it to bytes as torchvision's convert_image_dtype does.
std::vector<std::uint8_t> resize_float(const Image& image, const PixelRegion& box, int side);

}  // namespace speciesnet
