// SPDX-License-Identifier: Apache-2.0
// The users of each value of a graph.
#pragma once

#include "graph/graph.hpp"

#include <cstddef>
#include <vector>

namespace speciesnet::lowering {

/// Of the nodes that the graph's output depends on.
class GraphUses {
public:
    explicit GraphUses(const graph::Graph& graph);

    bool is_needed(graph::Value node) const { return is_needed_[node]; }
    /// The nodes that take a value, as often as they do. The graph's output is no node.
    const std::vector<graph::Value>& users(graph::Value value) const { return users_[value]; }
    bool is_output(graph::Value value) const { return value == output_; }
    /// Whether a single node takes a value, once, and nothing else does.
    bool has_one_user(graph::Value value) const {
        return users_[value].size() == 1 && !is_output(value);
    }

private:
    graph::Value output_;
    std::vector<bool> is_needed_;
    std::vector<std::vector<graph::Value>> users_;
};

}  // namespace speciesnet::lowering
