// Names of the detector's categories.
#include "speciesnet/prediction.hpp"

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
    return "unknown";
}

Detection whole_image_detection() noexcept {
    return {.category = Category::whole_image,
            .conf = 1,
            .bbox = {.xmin = 0, .ymin = 0, .width = 1, .height = 1}};
}

}  // namespace speciesnet
