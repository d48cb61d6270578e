// SPDX-License-Identifier: Apache-2.0
// A repeat: a box that a detector reports repeatedly at one place of a camera, such as a branch or
// stone.
#pragma once

#include "speciesnet/detection.hpp"

#include <cstddef>
#include <string>

namespace speciesnet::cli {

struct Repeat {
    std::string folder;  ///< Of the camera, from RelativePaths::camera_folder_of().
    Category category = Category::animal;
    BoundingBox bbox;  ///< The first box.
    std::size_t detections = 0;
    double greatest_conf = 0;  ///< Of all boxes.
    bool suppress = true;      ///< The decision of a person.
};

}  // namespace speciesnet::cli
