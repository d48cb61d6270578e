// SPDX-License-Identifier: Apache-2.0
// Converts checkpoints of YOLO detectors to graphs. The modules in the file determine the
// architecture.
#pragma once

#include "graph/graph.hpp"
#include "import/checkpoint.hpp"

#include <cstdint>

namespace speciesnet {

/// Reads a detector of any size and number of levels that consists of modules of YOLOv5 (releases
/// 4.0 to 7.0, package yolov5), of YOLOv9 (package yolov9), or of YOLOv8, v9 and 11 in the package
/// ultralytics.
/// @param most_bytes maximum size of the weights as float32
/// @return a graph whose weights are views into the checkpoint's file; its last node is YoloBoxes
/// or DistanceBoxes. It takes [B, 3, H, W] in 0..1, H and W multiples of the largest stride
/// @throws ModelError (model_invalid) naming the module that is not supported
graph::Graph read_yolo(Checkpoint& checkpoint, std::uint64_t most_bytes);

}  // namespace speciesnet
