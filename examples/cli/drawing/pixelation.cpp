// SPDX-License-Identifier: Apache-2.0
// Aligns squares with the corner of the visible area, so that they move with the box.
#include "pixelation.hpp"

#include <algorithm>

namespace speciesnet::cli {

void pixelate(Canvas& canvas, const Rectangle& area) {
    const auto visible = intersection(area, canvas.area());
    if (visible.empty()) {
        return;
    }
    const int longer = std::max(visible.width, visible.height);
    const int side =
        std::max(smallest_pixelation_block, (longer + pixelation_blocks - 1) / pixelation_blocks);
    for (int top = visible.top; top < visible.bottom(); top += side) {
        for (int left = visible.left; left < visible.right(); left += side) {
            const auto square = intersection({left, top, side, side}, visible);
            canvas.fill(square, mean_color(canvas, square));
        }
    }
}

}  // namespace speciesnet::cli
