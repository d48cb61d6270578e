// SPDX-License-Identifier: Apache-2.0
// Walks from the output to the inputs, because nodes follow their inputs.
#include "lowering/graph_uses.hpp"

namespace speciesnet::lowering {

GraphUses::GraphUses(const graph::Graph& graph)
    : output_(graph.output()), is_needed_(graph.nodes().size()), users_(graph.nodes().size()) {
    is_needed_[output_] = true;
    for (std::size_t node = graph.nodes().size(); node-- > 0;) {
        if (!is_needed_[node]) {
            continue;
        }
        for (const auto input : graph.nodes()[node].inputs) {
            is_needed_[input] = true;
            users_[input].push_back(static_cast<graph::Value>(node));
        }
    }
}

}  // namespace speciesnet::lowering
