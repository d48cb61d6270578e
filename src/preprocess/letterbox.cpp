// SPDX-License-Identifier: Apache-2.0
// Follows yolov5's letterbox(): arithmetic in double precision, rounding, ±0.1.
#include "letterbox.hpp"

#include "resize_fixed_point.hpp"

#include <algorithm>
#include <cmath>

namespace speciesnet {
namespace {

/// As Python's round(): rounds half to even, the default rounding mode.
int round_half_even(double value) {
    return static_cast<int>(std::nearbyint(value));
}

/// Padding at both ends of one dimension.
struct Padding {
    int before;
    int after;
};

Padding padding(int scaled, int size, int stride) {
    const int missing = (size - scaled) % stride;
    const double half = missing / 2.0;
    return {round_half_even(half - 0.1), round_half_even(half + 0.1)};
}

}  // namespace

Letterboxed letterbox(const Image& image, int size, int stride) {
    const double ratio = std::min(static_cast<double>(size) / image.height(),
                                  static_cast<double>(size) / image.width());
    // A side shorter than half a pixel would round to nothing, which OpenCV refuses: keep one
    // pixel.
    const int width = std::max(1, round_half_even(image.width() * ratio));
    const int height = std::max(1, round_half_even(image.height() * ratio));
    const Padding across = padding(width, size, stride);
    const Padding down = padding(height, size, stride);

    Letterboxed result{across.before + width + across.after, down.before + height + down.after, {}};
    const auto row_bytes = static_cast<std::ptrdiff_t>(result.width) * 3;
    result.rgb.assign(static_cast<std::size_t>(row_bytes) * static_cast<std::size_t>(result.height),
                      letterbox_padding);
    std::uint8_t* const inside = result.rgb.data() + down.before * row_bytes + across.before * 3;
    if (width == image.width() && height == image.height()) {
        const std::uint8_t* row = image.pixels().data();
        const auto image_row_bytes = static_cast<std::ptrdiff_t>(width) * 3;
        for (int y = 0; y < height; ++y, row += image_row_bytes) {
            std::copy_n(row, image_row_bytes, inside + y * row_bytes);
        }
    } else {
        resize_fixed_point(image.pixels(), image.width(), image.height(),
                           {inside, width, height, row_bytes});
    }
    return result;
}

}  // namespace speciesnet
