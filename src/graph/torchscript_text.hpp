// SPDX-License-Identifier: Apache-2.0
// Graphs as TorchScript: the source of a function, and the weights that it names.
#pragma once

#include "graph/graph.hpp"

#include <string>
#include <vector>

namespace speciesnet::graph {

struct TorchScriptText {
    /// `def forward(self, x): ...`. Nothing in it comes from a file but numbers and the letters and
    /// digits of names.
    std::string forward;
    /// `self.<name>` in `forward`: the names are identifiers, and different.
    std::vector<Weight> weights;
};

/// @throws InvalidArgument if a number of the graph is not finite
TorchScriptText to_torchscript(const Graph& graph);

}  // namespace speciesnet::graph
