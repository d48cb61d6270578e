// SPDX-License-Identifier: Apache-2.0
// Scales and pads a photo for the detector. Bit-exact with yolov5's letterbox() on OpenCV.
#pragma once

#include "speciesnet/image.hpp"

#include <cstdint>
#include <vector>

namespace speciesnet {

/// Long side of the detector's input in pixels, unless its file states another. Source:
/// detector.py, SpeciesNetDetector.IMG_SIZE.
inline constexpr int letterbox_size = 1280;
/// Both sides of the detector's input are multiples of this, for a long side of letterbox_size.
/// Source: detector.py, SpeciesNetDetector.STRIDE.
inline constexpr int letterbox_stride = 64;
/// Grey level of the padding. Source: yolov5/utils/augmentations.py, letterbox(color=(114, 114,
/// 114)).
inline constexpr std::uint8_t letterbox_padding = 114;

/// The input of the detector.
struct Letterboxed {
    int width = 0;                  ///< Multiple of the stride.
    int height = 0;                 ///< Multiple of the stride.
    std::vector<std::uint8_t> rgb;  ///< width·height·3, rows from the top.
};

/// Scales so that the long side is `size` (small images are enlarged) with OpenCV's fixed-point
/// INTER_LINEAR, and pads both ends equally to the next multiple of `stride`.
/// @param size a multiple of `stride`
Letterboxed letterbox(const Image& image, int size = letterbox_size, int stride = letterbox_stride);

}  // namespace speciesnet
