// SPDX-License-Identifier: Apache-2.0
// OpenCV's cv::resize(INTER_LINEAR) for 8-bit RGB, bit-exact.
#pragma once

#include <cstdint>
#include <span>

namespace speciesnet {

/// A view of an RGB image in memory; rows may have padding.
struct RgbTarget {
    std::uint8_t* pixels;
    int width;
    int height;
    std::ptrdiff_t row_bytes;
};

/// Scales `source` (width·height·3 bytes) to the size of `target`. All sizes ≥ 1.
void resize_fixed_point(std::span<const std::uint8_t> source, int width, int height,
                        const RgbTarget& target);

}  // namespace speciesnet
