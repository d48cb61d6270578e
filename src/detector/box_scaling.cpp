// SPDX-License-Identifier: Apache-2.0
// Implements scale_boxes(), clip_boxes() and xyxy2xywhn() of yolov5, or of ultralytics, and the
// reference's conversion to [xmin, ymin, width, height].
#include "detector/box_scaling.hpp"

#include <algorithm>
#include <cmath>

namespace speciesnet {
namespace {

/// The letterbox along one axis. The reference computes gain and padding from the two sizes in
/// double precision, and applies them in single precision.
struct Axis {
    float padding;
    float gain;
    float limit;

    /// Rounds half to even, as torch.round() does.
    float to_photo(float position) const {
        return std::nearbyint(std::clamp((position - padding) / gain, 0.0F, limit));
    }
};

Axis axis(int letterboxed, int photo, double gain, LetterboxScale scale) {
    if (scale == LetterboxScale::of_each_side) {
        // Both round half to even, as Python does.
        const double pixels = std::max(std::nearbyint(photo * gain), 1.0);
        return {.padding = static_cast<float>(std::nearbyint((letterboxed - pixels) / 2 - 0.1)),
                .gain = static_cast<float>(pixels / photo),
                .limit = static_cast<float>(photo)};
    }
    return {.padding = static_cast<float>((letterboxed - photo * gain) / 2),
            .gain = static_cast<float>(gain),
            .limit = static_cast<float>(photo)};
}

}  // namespace

std::vector<Detection> scale_to_photo(std::span<const PixelBox> boxes, PixelSize letterboxed,
                                      PixelSize photo, LetterboxScale scale) {
    const double gain = std::min(static_cast<double>(letterboxed.height) / photo.height,
                                 static_cast<double>(letterboxed.width) / photo.width);
    const Axis horizontal = axis(letterboxed.width, photo.width, gain, scale);
    const Axis vertical = axis(letterboxed.height, photo.height, gain, scale);

    std::vector<Detection> detections;
    detections.reserve(boxes.size());
    for (const auto& box : boxes) {
        if (box.class_index < 0 || box.class_index > 2) {
            continue;
        }
        const float xmin = horizontal.to_photo(box.xmin);
        const float ymin = vertical.to_photo(box.ymin);
        const float xmax = horizontal.to_photo(box.xmax);
        const float ymax = vertical.to_photo(box.ymax);
        // Single precision up to this point, double precision from here on, as in the reference.
        const double x_center = ((xmin + xmax) / 2) / horizontal.limit;
        const double y_center = ((ymin + ymax) / 2) / vertical.limit;
        const double width = (xmax - xmin) / horizontal.limit;
        const double height = (ymax - ymin) / vertical.limit;
        detections.push_back({.category = static_cast<Category>(box.class_index + 1),
                              .conf = box.conf,
                              .bbox = {.xmin = x_center - width / 2,
                                       .ymin = y_center - height / 2,
                                       .width = width,
                                       .height = height}});
    }
    std::stable_sort(detections.begin(), detections.end(),
                     [](const Detection& a, const Detection& b) { return a.conf > b.conf; });
    return detections;
}

}  // namespace speciesnet
