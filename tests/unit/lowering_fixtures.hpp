// SPDX-License-Identifier: Apache-2.0
// Helpers to test the lowering of graphs.
#pragma once

#include "executor_fixtures.hpp"
#include "graph_interpreter.hpp"
#include "lowering/lowering.hpp"
#include "random_tensors.hpp"
#include "run_network_plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace speciesnet {

/// Relative for values above 1.
inline double largest_difference(const TestTensor& a, const TestTensor& b) {
    REQUIRE(a.shape == b.shape);
    double largest = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        const double expected = b.values[i];
        const double difference = std::abs(a.values[i] - expected);
        REQUIRE(!std::isnan(difference));
        largest = std::max(largest, difference / std::max(1.0, std::abs(expected)));
    }
    return largest;
}

/// Checks that a graph becomes a plan on all kernels, and that the plan gives the graph's results.
/// @param steps number of operations of the plan
inline void check_lowering(const graph::Graph& graph, const std::vector<std::int64_t>& shape,
                           std::size_t steps, double tolerance = 2e-6) {
    const auto input = random_tensor(shape);
    const auto expected = interpret(graph, input);
    const auto sets = executor::float32_kernel_sets();
    for (const auto* const set : sets) {
        const auto& kernels = set->table();
        auto copy = graph;
        const auto lowered = lowering::lower(std::move(copy), {.kernels = kernels});
        CAPTURE(lowered.reason);
        REQUIRE(lowered.plan.has_value());
        CHECK(lowered.plan->plan.steps().size() == steps);
        CHECK(largest_difference(run(*lowered.plan, kernels, input), expected) <= tolerance);
    }
}

/// Returns why a graph is not lowered. The graph keeps its nodes.
inline std::string reason_against(graph::Graph graph) {
    const auto nodes = graph.nodes().size();
    const auto lowered =
        lowering::lower(std::move(graph), {.kernels = executor::kernel_sets().front().table()});
    CHECK_FALSE(lowered.plan.has_value());
    CHECK(graph.nodes().size() == nodes);
    return lowered.reason;
}

}  // namespace speciesnet
