// SPDX-License-Identifier: Apache-2.0
// Graphs as readable text.
#pragma once

#include "graph/graph.hpp"

#include <string>

namespace speciesnet::graph {

/// One line for each node, in columns: its value, its operation, its inputs, what the operation is
/// set to, and its weights by name and shape. The last line names the output. Names from files are
/// made printable.
std::string dump(const Graph& graph);

}  // namespace speciesnet::graph
