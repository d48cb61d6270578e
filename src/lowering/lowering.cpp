// SPDX-License-Identifier: Apache-2.0
// Lowers in two steps: the walk, which only reads weights, and packing, which consumes them.
#include "lowering/lowering.hpp"

#include "lowering/packing.hpp"
#include "lowering/refusal.hpp"
#include "lowering/walk.hpp"

#include <utility>

namespace speciesnet::lowering {

Lowered lower(graph::Graph&& graph, const Options& options) {
    try {
        auto [network, convolutions] = Walk(graph, options).walk();
        graph = graph::Graph();
        pack(std::move(convolutions), options, network.plan);
        return {.plan = std::move(network), .reason = {}};
    } catch (const Refusal& refusal) {
        return {.plan = std::nullopt, .reason = refusal.what()};
    }
}

}  // namespace speciesnet::lowering
