// SPDX-License-Identifier: Apache-2.0
// Names detection categories.
#include "speciesnet/detection.hpp"

namespace speciesnet {

std::string_view category_label(Category category) noexcept {
    switch (category) {
        case Category::whole_image:
            return "whole_image_classification";
        case Category::animal:
            return "animal";
        case Category::human:
            return "human";
        case Category::vehicle:
            return "vehicle";
    }
    return {};
}

Detection whole_image_detection() noexcept {
    return {.category = Category::whole_image, .conf = 1, .bbox = {0, 0, 1, 1}};
}

}  // namespace speciesnet
