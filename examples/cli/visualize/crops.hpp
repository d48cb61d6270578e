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
    /// Suffix to the photo's name: "_1_plains zebra.jpg", with the number of the detection.
    std::string name;
    std::string jpeg;
};

/// Returns the boxes with at least a confidence, in the order of the detections, which are numbered
/// from 1. If people are blurred, their boxes are omitted.
/// @param canvas the photo, with people already blurred if requested
std::vector<Crop> crops_of(const Canvas& canvas, const Prediction& prediction,
                           const VisualizeArguments& arguments, const std::string& comment);

}  // namespace speciesnet::cli
