// SPDX-License-Identifier: Apache-2.0
// A repeat: a box that a detector reports repeatedly at one place of a camera, such as a branch or
// stone.
#pragma once

#include "speciesnet/detection.hpp"

#include <cstddef>
#include <string>

namespace speciesnet::cli {

struct Repeat {
    std::string folder;  ///< Of the camera, as RelativePaths::camera_folder_of() has it.
    Category category = Category::animal;
    BoundingBox bbox;  ///< The first of them.
    std::size_t detections = 0;
    double greatest_conf = 0;  ///< Of all.
    bool suppress = true;      ///< What a person has decided.
};

}  // namespace speciesnet::cli
