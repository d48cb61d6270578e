// SPDX-License-Identifier: Apache-2.0
// Writes the contents of boxes as separate images.
#pragma once

#include "speciesnet/prediction.hpp"

#include "drawing/canvas.hpp"
#include "visualize_arguments.hpp"

#include <string>
#include <vector>

namespace speciesnet::cli {

struct Crop {
    /// Behind the photo's name: "_1_plains zebra.jpg", with the number of the detection.
    std::string name;
    std::string jpeg;
};

/// The boxes from a confidence on, in the order of the detections, by which they are numbered from
/// 1. Where people are blurred, theirs are left out.
/// @param canvas the photo, in which people are blurred already if they are to be
std::vector<Crop> crops_of(const Canvas& canvas, const Prediction& prediction,
                           const VisualizeArguments& arguments, const std::string& comment);

}  // namespace speciesnet::cli
