// SPDX-License-Identifier: Apache-2.0
// Scales boxes from pixels of the letterboxed input to the photo.
#pragma once

#include "speciesnet/prediction.hpp"

#include "detector/non_maximum_suppression.hpp"

#include <span>
#include <vector>

namespace speciesnet {

/// Width and height in pixels.
struct PixelSize {
    int width, height;
};

/// Which scale and padding are undone. A letterbox makes images of whole pixels, so that each
/// side has a scale of its own, and padding is not always the same on both sides.
enum class LetterboxScale {
    before_rounding,  ///< As scale_boxes() of yolov5 and yolov9 has it.
    of_each_side,     ///< As ultralytics has it.
};

/// Undoes the letterbox, clips to the photo, rounds to its whole pixels and makes the boxes
/// relative. Boxes of classes other than animal, human and vehicle are left out.
/// @return descending by conf, ties in the order of `boxes`
std::vector<Detection> scale_to_photo(std::span<const PixelBox> boxes, PixelSize letterboxed,
                                      PixelSize photo,
                                      LetterboxScale scale = LetterboxScale::before_rounding);

}  // namespace speciesnet
