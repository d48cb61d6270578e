// SPDX-License-Identifier: Apache-2.0
// Prints graphs as readable text.
#pragma once

#include "graph/graph.hpp"

#include <string>

namespace speciesnet::graph {

/// Returns one line for each node, in columns: value, operation, inputs, settings, and weights by
/// name and shape. The last line names the output. Unprintable characters in names from files are
/// escaped.
std::string dump(const Graph& graph);

}  // namespace speciesnet::graph
