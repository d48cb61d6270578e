// SPDX-License-Identifier: Apache-2.0
// Converts TorchScript to a graph.
#pragma once

#include "torch_plugin/torch_plugin.hpp"

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

/// @param frozen has two inputs: the module, which is not used any more, and one tensor of four
/// axes
/// @return a graph that shares the memory of the constants, or the first unsupported operation
ReadTorchScript read_graph(torch::jit::Graph& frozen);

}  // namespace speciesnet
