// GraphModules of onnx2torch as networks: the graph's source says which modules are called, the
// modules say what they do.
#pragma once

#include "import/checkpoint.hpp"
#include "network/network_definition.hpp"

#include <cstdint>

namespace speciesnet {

/// Reads a network with one input and one output that is made of what EfficientNetV2 needs.
/// @param most_bytes of weights as float32
/// @throws ModelError (model_invalid): "operation X at node Y is not supported" for others
NetworkDefinition read_onnx2torch(Checkpoint& checkpoint, std::uint64_t most_bytes);

}  // namespace speciesnet
