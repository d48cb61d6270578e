// YOLOv5 checkpoints as networks: the architecture is read from the modules in the file.
#pragma once

#include "import/checkpoint.hpp"
#include "network/network_definition.hpp"

#include <cstdint>

namespace speciesnet {

/// Reads a detector of any size and number of levels that is made of Conv, Bottleneck, C3, SPP,
/// SPPF, Focus, Upsample, Concat and Detect.
/// @param most_bytes of weights as float32
/// @return the network that takes [B, 3, H, W] in 0..1, H and W multiples of the largest stride,
/// and gives [B, N, 5 + classes]: x_center, y_center, width, height in pixels, confidences
/// @throws ModelError (model_invalid) naming the module that is not supported
NetworkDefinition read_yolov5(Checkpoint& checkpoint, std::uint64_t most_bytes);

}  // namespace speciesnet
