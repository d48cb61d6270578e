// SPDX-License-Identifier: Apache-2.0
// YOLOv5 checkpoints as graphs: the architecture is read from the modules in the file.
#pragma once

#include "graph/graph.hpp"
#include "import/checkpoint.hpp"

#include <cstdint>

namespace speciesnet {

/// Reads a detector of any size and number of levels that is made of Conv, Bottleneck, C3, SPP,
/// SPPF, Focus, Upsample, Concat and Detect.
/// @param most_bytes of weights as float32
/// @return a graph whose weights are views into the checkpoint's file; its last node is YoloBoxes.
/// It takes [B, 3, H, W] in 0..1, H and W multiples of the largest stride
/// @throws ModelError (model_invalid) naming the module that is not supported
graph::Graph read_yolov5(Checkpoint& checkpoint, std::uint64_t most_bytes);

}  // namespace speciesnet
