// SPDX-License-Identifier: Apache-2.0
// Rectangles of whole pixels.
#pragma once

#include <algorithm>

namespace speciesnet::cli {

/// Covers columns left to right() − 1 and rows top to bottom() − 1.
struct Rectangle {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;

    int right() const noexcept { return left + width; }
    int bottom() const noexcept { return top + height; }
    bool empty() const noexcept { return width <= 0 || height <= 0; }

    /// Returns the rectangle enlarged by a margin on each side; shrunk if the margin is negative.
    Rectangle grown(int margin) const noexcept {
        return {left - margin, top - margin, width + 2 * margin, height + 2 * margin};
    }

    friend bool operator==(const Rectangle&, const Rectangle&) = default;
};

/// Returns the common area of two rectangles; empty() if there is none.
inline Rectangle intersection(const Rectangle& a, const Rectangle& b) noexcept {
    const int left = std::max(a.left, b.left);
    const int top = std::max(a.top, b.top);
    return {left, top, std::min(a.right(), b.right()) - left,
            std::min(a.bottom(), b.bottom()) - top};
}

inline bool contains(const Rectangle& outer, const Rectangle& inner) noexcept {
    return intersection(outer, inner) == inner;
}

}  // namespace speciesnet::cli
