// SPDX-License-Identifier: Apache-2.0
// Finds the users of each value of a graph.
#pragma once

#include "graph/graph.hpp"

#include <cstddef>
#include <vector>

namespace speciesnet::lowering {

/// The uses of values by the nodes that the graph's output depends on.
class GraphUses {
public:
    explicit GraphUses(const graph::Graph& graph);

    bool is_needed(graph::Value node) const { return is_needed_[node]; }
    /// Returns the nodes that use a value, once for each use. The graph's output is not a node.
    const std::vector<graph::Value>& users(graph::Value value) const { return users_[value]; }
    bool is_output(graph::Value value) const { return value == output_; }
    /// Returns whether a value has a single use, by one node, and is not the graph's output.
    bool has_one_user(graph::Value value) const {
        return users_[value].size() == 1 && !is_output(value);
    }

private:
    graph::Value output_;
    std::vector<bool> is_needed_;
    std::vector<std::vector<graph::Value>> users_;
};

}  // namespace speciesnet::lowering
