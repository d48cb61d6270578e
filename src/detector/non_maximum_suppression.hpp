// SPDX-License-Identifier: Apache-2.0
// Non-maximum suppression, as in yolov5's non_max_suppression() with the reference's arguments.
#pragma once

#include <span>
#include <vector>

namespace speciesnet {

/// Lowest objectness and lowest confidence (exclusive). Source: detector.py,
/// SpeciesNetDetector.DETECTION_THRESHOLD.
inline constexpr float nms_confidence_threshold = 0.01F;
/// Boxes that overlap a better one of their class by more than this are dropped. Source:
/// yolov5/utils/general.py, non_max_suppression(iou_thres=0.45).
inline constexpr double nms_iou_threshold = 0.45;
/// Offset between classes, in pixels, that keeps their boxes apart. Source:
/// yolov5/utils/general.py, max_wh.
inline constexpr float nms_class_offset = 7680;
/// Most boxes that are compared. Source: yolov5/utils/general.py, max_nms.
inline constexpr std::size_t nms_max_candidates = 30'000;
/// Most boxes that are kept. Source: yolov5/utils/general.py, non_max_suppression(max_det=300).
inline constexpr std::size_t nms_max_detections = 300;

/// A box in pixels of the detector's input.
struct PixelBox {
    float xmin, ymin, xmax, ymax;
    float conf;       ///< Objectness × class probability.
    int class_index;  ///< 0 animal, 1 human, 2 vehicle.
};

/// Picks the best boxes.
/// @param rows    the network's output, rows of `5 + classes` values: x_center, y_center, width,
/// height, objectness, one
///                probability per class
/// @param classes number of classes, ≥ 1
/// @return at most nms_max_detections boxes, descending by conf, ties in the order of the rows
std::vector<PixelBox> non_maximum_suppression(std::span<const float> rows, std::size_t classes);

}  // namespace speciesnet
