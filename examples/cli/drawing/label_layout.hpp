// SPDX-License-Identifier: Apache-2.0
// Places the labels of boxes so that all drawn labels are legible.
#pragma once

#include "rectangle.hpp"

#include <optional>
#include <span>
#include <vector>

namespace speciesnet::cli {

struct Label {
    Rectangle box;  ///< What it names.
    int width = 0;  ///< Of the label itself.
    int height = 0;
};

/// Finds a place at or in its box for each label, inside the image and free of the labels before
/// it and of `taken`. Among the free places the one wins that hides least of other boxes, then of
/// its own.
/// @return one entry per label; nothing where there is no free place
std::vector<std::optional<Rectangle>> place_labels(const Rectangle& picture,
                                                   std::span<const Label> labels,
                                                   std::vector<Rectangle> taken);

}  // namespace speciesnet::cli
