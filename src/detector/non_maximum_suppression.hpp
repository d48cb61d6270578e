// SPDX-License-Identifier: Apache-2.0
// Non-maximum suppression, as in yolov5's non_max_suppression() with the reference's arguments.
#pragma once

#include <span>
#include <vector>

namespace speciesnet {

/// Minimum objectness and minimum confidence (exclusive). Source: detector.py,
/// SpeciesNetDetector.DETECTION_THRESHOLD.
inline constexpr float nms_confidence_threshold = 0.01F;
/// Boxes whose overlap with a better one of their class exceeds this are dropped. Source:
/// yolov5/utils/general.py, non_max_suppression(iou_thres=0.45).
inline constexpr double nms_iou_threshold = 0.45;
/// Offset in pixels between the boxes of different classes, so that they do not overlap. Source:
/// yolov5/utils/general.py, max_wh.
inline constexpr float nms_class_offset = 7680;
/// Maximum number of boxes that are compared. Source: yolov5/utils/general.py, max_nms.
inline constexpr std::size_t nms_max_candidates = 30'000;
/// Maximum number of boxes that are kept. Source: yolov5/utils/general.py,
/// non_max_suppression(max_det=300).
inline constexpr std::size_t nms_max_detections = 300;

/// A box in pixels of the detector's input.
struct PixelBox {
    float xmin, ymin, xmax, ymax;
    float conf;       ///< Objectness × class probability.
    int class_index;  ///< 0 animal, 1 human, 2 vehicle.
};

/// Selects the best boxes.
/// @param rows    the network's output, rows of `5 + classes` values: x_center, y_center, width,
///                height, objectness, and one probability for each class
/// @param classes number of classes, ≥ 1
/// @return at most nms_max_detections boxes, descending by conf; equal ones keep the order of
/// `rows`
std::vector<PixelBox> non_maximum_suppression(std::span<const float> rows, std::size_t classes);

}  // namespace speciesnet
