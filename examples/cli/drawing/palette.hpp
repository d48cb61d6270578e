// SPDX-License-Identifier: Apache-2.0
// Colours that people with any colour vision can distinguish on any photo.
#pragma once

#include "speciesnet/detection.hpp"

#include "canvas.hpp"

namespace speciesnet::cli {

inline constexpr Color black{0, 0, 0};
inline constexpr Color white{255, 255, 255};

/// Returns the colour of a category's boxes and labels. All are light: black text on them has a
/// contrast of at least 7:1. Source: Okabe and Ito, Color Universal Design (2008): orange, sky
/// blue, yellow.
constexpr Color category_color(Category category) noexcept {
    switch (category) {
        case Category::human:
            return {86, 180, 233};
        case Category::vehicle:
            return {240, 228, 66};
        case Category::animal:
            return {230, 159, 0};
        case Category::whole_image:
            break;
    }
    return white;
}

}  // namespace speciesnet::cli
