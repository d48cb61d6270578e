// SPDX-License-Identifier: Apache-2.0
// Scales boxes from pixels of the letterboxed image to the photo.
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

/// Which scale and padding are undone. A letterboxed image has whole pixels, so each side has its
/// own scale, and the padding may differ between the two ends.
enum class LetterboxScale {
    before_rounding,  ///< As scale_boxes() of yolov5 and yolov9.
    of_each_side,     ///< As ultralytics.
};

/// Undoes the letterbox, clips boxes to the photo, rounds them to whole pixels of the photo and
/// makes them relative. Omits boxes of classes other than animal, human and vehicle.
/// @return boxes in descending order of conf; equal ones keep the order of `boxes`
std::vector<Detection> scale_to_photo(std::span<const PixelBox> boxes, PixelSize letterboxed,
                                      PixelSize photo,
                                      LetterboxScale scale = LetterboxScale::before_rounding);

}  // namespace speciesnet
