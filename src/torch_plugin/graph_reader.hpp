// SPDX-License-Identifier: Apache-2.0
// Converts TorchScript to a graph.
#pragma once

#include "torch_plugin/torch_plugin.hpp"

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

/// @param frozen takes the module, which it does not use any more, and one tensor of four axes
/// @return a graph that shares the constants' memory, or which operation it does not have
ReadTorchScript read_graph(torch::jit::Graph& frozen);

}  // namespace speciesnet
