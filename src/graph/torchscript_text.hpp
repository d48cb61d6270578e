// SPDX-License-Identifier: Apache-2.0
// Converts a graph to TorchScript: the source of a function, and the weights that it names.
#pragma once

#include "graph/graph.hpp"

#include <string>
#include <vector>

namespace speciesnet::graph {

struct TorchScriptText {
    /// `def forward(self, x): ...`. The only parts that come from a file are numbers, and the
    /// letters and digits of names.
    std::string forward;
    /// `self.<name>` in `forward`: the names are unique identifiers.
    std::vector<Weight> weights;
};

/// @throws InvalidArgument if a value in the graph is not finite
TorchScriptText to_torchscript(const Graph& graph);

}  // namespace speciesnet::graph
