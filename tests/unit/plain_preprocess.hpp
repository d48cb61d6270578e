// SPDX-License-Identifier: Apache-2.0
// Straightforward implementations of the scalers and of NMS, pixel by pixel and box by box. Tests
// and benchmarks compare the fast ones with them.
#pragma once

#include "speciesnet/image.hpp"

#include "detector/non_maximum_suppression.hpp"
#include "preprocess/fused_multiply_add.hpp"
#include "preprocess/resize_float.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace speciesnet::plain {

/// A position between two neighbours, and the share of the second.
template <typename Number>
struct Between {
    int first;
    int second;
    Number share;
};

/// OpenCV's INTER_LINEAR on bytes: weights of 11 bits; 4 bits are dropped horizontally, 16
/// vertically, and 2 are rounded.
inline std::vector<std::uint8_t> resize_fixed_point(const Image& image, int width, int height) {
    const auto between = [](int i, int source, int target) {
        const auto at =
            static_cast<float>((i + 0.5) * (1.0 / (static_cast<double>(target) / source)) - 0.5);
        const auto floor = std::floor(at);
        const int first = static_cast<int>(floor);
        return Between<float>{std::clamp(first, 0, source - 1),
                              std::clamp(first + 1, 0, source - 1), at - floor};
    };
    const auto weight = [](float share) { return static_cast<int>(std::lrint(share * 2048)); };
    const auto pixels = image.pixels();
    std::vector<std::uint8_t> result;
    for (int y = 0; y < height; ++y) {
        const auto down = between(y, image.height(), height);
        for (int x = 0; x < width * 3; ++x) {
            const auto across = between(x / 3, image.width(), width);
            const auto mixed = [&](int row) {
                const auto at = [&](int column) -> int {
                    return pixels[static_cast<std::size_t>((row * image.width() + column) * 3 +
                                                           x % 3)];
                };
                return (at(across.first) * weight(1 - across.share) +
                        at(across.second) * weight(across.share)) >>
                       4;
            };
            const int sum = ((mixed(down.first) * weight(1 - down.share)) >> 16) +
                            ((mixed(down.second) * weight(down.share)) >> 16);
            result.push_back(static_cast<std::uint8_t>((sum + 2) >> 2));
        }
    }
    return result;
}

/// ATen's upsample_bilinear2d with the fused operations of its AVX2 code, and conversion to bytes.
inline std::vector<std::uint8_t> resize_float(const Image& image, const PixelRegion& box,
                                              int side) {
    const auto between = [side](int i, int source) {
        const float scale = static_cast<float>(source) / static_cast<float>(side);
        const float at =
            std::max(0.0F, fused_multiply_add(scale, static_cast<float>(i) + 0.5F, -0.5F));
        const int first = std::min(static_cast<int>(at), source - 1);
        return Between<float>{first, std::min(first + 1, source - 1),
                              std::clamp(at - static_cast<float>(first), 0.0F, 1.0F)};
    };
    std::vector<std::uint8_t> result;
    for (int y = 0; y < side; ++y) {
        const auto down = between(y, box.height);
        for (int x = 0; x < side * 3; ++x) {
            const auto across = between(x / 3, box.width);
            const auto at = [&](int row, int column) {
                const int photo_row = box.top + row;
                const int photo_column = box.left + column;
                const bool outside = photo_row < 0 || photo_row >= image.height() ||
                                     photo_column < 0 || photo_column >= image.width();
                return outside ? 0.0F
                               : static_cast<float>(image.pixels()[static_cast<std::size_t>(
                                     (photo_row * image.width() + photo_column) * 3 + x % 3)]) /
                                     255.0F;
            };
            const float above = 1.0F - down.share;
            const float left = 1.0F - across.share;
            float sum = (above * across.share) * at(down.first, across.second);
            sum = fused_multiply_add(above * left, at(down.first, across.first), sum);
            sum = fused_multiply_add(down.share * left, at(down.second, across.first), sum);
            sum =
                fused_multiply_add(down.share * across.share, at(down.second, across.second), sum);
            result.push_back(static_cast<std::uint8_t>(static_cast<int>(sum * 255.999F)));
        }
    }
    return result;
}

/// Visits boxes by descending confidence; each remaining one removes later ones that overlap it and
/// have its class.
inline std::vector<PixelBox> suppress(std::span<const float> rows, std::size_t classes) {
    std::vector<PixelBox> boxes;
    for (std::size_t at = 0; at + 5 + classes <= rows.size(); at += 5 + classes) {
        const auto* row = &rows[at];
        const auto* best = std::max_element(row + 5, row + 5 + classes, [row](float a, float b) {
            return a * row[4] < b * row[4];
        });
        if (row[4] > nms_confidence_threshold && *best * row[4] > nms_confidence_threshold) {
            boxes.push_back({row[0] - row[2] / 2, row[1] - row[3] / 2, row[0] + row[2] / 2,
                             row[1] + row[3] / 2, *best * row[4],
                             static_cast<int>(best - row - 5)});
        }
    }
    std::stable_sort(boxes.begin(), boxes.end(),
                     [](const auto& a, const auto& b) { return a.conf > b.conf; });
    const auto overlap = [](const PixelBox& a, const PixelBox& b) {
        // The class offset is added before the subtraction, which loses bits.
        const float shift_a = static_cast<float>(a.class_index) * nms_class_offset;
        const float shift_b = static_cast<float>(b.class_index) * nms_class_offset;
        const auto area = [](const PixelBox& box, float shift) {
            return ((box.xmax + shift) - (box.xmin + shift)) *
                   ((box.ymax + shift) - (box.ymin + shift));
        };
        const float width = std::max(0.0F, std::min(a.xmax + shift_a, b.xmax + shift_b) -
                                               std::max(a.xmin + shift_a, b.xmin + shift_b));
        const float height = std::max(0.0F, std::min(a.ymax + shift_a, b.ymax + shift_b) -
                                                std::max(a.ymin + shift_a, b.ymin + shift_b));
        const float shared = width * height;
        return shared / (area(a, shift_a) + area(b, shift_b) - shared);
    };
    std::vector<PixelBox> kept;
    for (const auto& box : boxes) {
        if (kept.size() < nms_max_detections &&
            std::none_of(kept.begin(), kept.end(), [&](const PixelBox& better) {
                return overlap(better, box) > nms_iou_threshold;
            })) {
            kept.push_back(box);
        }
    }
    return kept;
}

}  // namespace speciesnet::plain
