// SPDX-License-Identifier: Apache-2.0
// Converts GraphModules of onnx2torch to graphs. The module's source lists the calls, and the
// modules define the operations.
#pragma once

#include "graph/graph.hpp"
#include "import/checkpoint.hpp"

#include <cstdint>

namespace speciesnet {

/// Reads a network with one input and one output that uses only the operations of EfficientNetV2.
/// @param most_bytes maximum size of the weights as float32
/// @return a graph whose weights are views into the checkpoint's file
/// @throws ModelError (model_invalid): "operation X at node Y is not supported" for other
/// operations
graph::Graph read_onnx2torch(Checkpoint& checkpoint, std::uint64_t most_bytes);

}  // namespace speciesnet
