// SPDX-License-Identifier: Apache-2.0
// Places the labels of boxes so that all drawn labels are legible.
#pragma once

#include "rectangle.hpp"

#include <optional>
#include <span>
#include <vector>

namespace speciesnet::cli {

struct Label {
    Rectangle box;  ///< The box that it names.
    int width = 0;  ///< Width of the label.
    int height = 0;
};

/// Finds a position at or inside its box for each label, inside the image, and not covering earlier
/// labels or `taken`. Among free positions, selects the one that covers the least of other boxes,
/// then of its own.
/// @return one entry for each label; nothing if there is no free position
std::vector<std::optional<Rectangle>> place_labels(const Rectangle& picture,
                                                   std::span<const Label> labels,
                                                   std::vector<Rectangle> taken);

}  // namespace speciesnet::cli
