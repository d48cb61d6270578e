// SPDX-License-Identifier: Apache-2.0
// All arithmetic is in single precision and in the reference's order, because confidences near a
// threshold depend on it.
#include "detector/non_maximum_suppression.hpp"

#include <algorithm>

namespace speciesnet {
namespace {

/// A candidate shifted by its class offset, with its area.
struct ShiftedBox {
    float xmin, ymin, xmax, ymax, area;
};

std::vector<PixelBox> candidates(std::span<const float> rows, std::size_t classes) {
    std::vector<PixelBox> boxes;
    const std::size_t columns = 5 + classes;
    for (std::size_t start = 0; start + columns <= rows.size(); start += columns) {
        const auto row = rows.subspan(start, columns);
        const float objectness = row[4];
        if (!(objectness > nms_confidence_threshold)) {
            continue;
        }
        int best_class = 0;
        float best_conf = row[5] * objectness;
        for (std::size_t index = 1; index < classes; ++index) {
            const float conf = row[5 + index] * objectness;
            if (conf > best_conf) {
                best_conf = conf;
                best_class = static_cast<int>(index);
            }
        }
        if (best_conf > nms_confidence_threshold) {
            boxes.push_back({.xmin = row[0] - row[2] / 2,
                             .ymin = row[1] - row[3] / 2,
                             .xmax = row[0] + row[2] / 2,
                             .ymax = row[1] + row[3] / 2,
                             .conf = best_conf,
                             .class_index = best_class});
        }
    }
    std::stable_sort(boxes.begin(), boxes.end(),
                     [](const PixelBox& a, const PixelBox& b) { return a.conf > b.conf; });
    if (boxes.size() > nms_max_candidates) {
        boxes.resize(nms_max_candidates);
    }
    return boxes;
}

ShiftedBox shift_by_class(const PixelBox& box) {
    const float offset = static_cast<float>(box.class_index) * nms_class_offset;
    ShiftedBox shifted{box.xmin + offset, box.ymin + offset, box.xmax + offset, box.ymax + offset,
                       0};
    shifted.area = (shifted.xmax - shifted.xmin) * (shifted.ymax - shifted.ymin);
    return shifted;
}

float intersection_over_union(const ShiftedBox& a, const ShiftedBox& b) {
    const float width = std::max(0.0F, std::min(a.xmax, b.xmax) - std::max(a.xmin, b.xmin));
    const float height = std::max(0.0F, std::min(a.ymax, b.ymax) - std::max(a.ymin, b.ymin));
    const float intersection = width * height;
    return intersection / (a.area + b.area - intersection);
}

}  // namespace

std::vector<PixelBox> non_maximum_suppression(std::span<const float> rows, std::size_t classes) {
    const auto boxes = candidates(rows, classes);
    std::vector<PixelBox> kept;
    std::vector<ShiftedBox> kept_shifted;
    // Comparing each candidate with the kept ones gives the same result as marking the suppressed
    // ones, and stops as soon as enough are kept.
    for (const auto& box : boxes) {
        const auto shifted = shift_by_class(box);
        const bool suppressed =
            std::any_of(kept_shifted.begin(), kept_shifted.end(), [&](const ShiftedBox& better) {
                return intersection_over_union(better, shifted) > nms_iou_threshold;
            });
        if (suppressed) {
            continue;
        }
        kept.push_back(box);
        kept_shifted.push_back(shifted);
        if (kept.size() == nms_max_detections) {
            break;
        }
    }
    return kept;
}

}  // namespace speciesnet
