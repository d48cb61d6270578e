// SPDX-License-Identifier: Apache-2.0
// Converts a graph to a plan of the executor.
#pragma once

#include "speciesnet/inference.hpp"

#include "executor/kernels.hpp"
#include "executor/network_plan.hpp"
#include "executor/observed_ranges.hpp"
#include "graph/graph.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::lowering {

struct Options {
    const executor::Kernels& kernels;
    /// One that `kernels` have; not automatic. Convolutions of single pixels stay float32,
    /// and with int8 the first one and those that give results, too: they take little time, and
    /// their rounding would show most.
    Precision precision = Precision::float32;
    /// Of this network, for int8: feature maps are bytes then, and no range is searched in a run.
    /// Null leaves each convolution to search the range of what it is given.
    const executor::ObservedRanges* ranges = nullptr;
    int threads = 1;  ///< That bring weights into the kernels' order.
    /// Called, from any of these threads, with the bytes of a weight that is packed and not needed
    /// any more, so that mapped files do not stay in memory.
    std::function<void(std::string_view)> release = {};
};

/// A plan, or why there is none.
struct Lowered {
    std::optional<executor::NetworkPlan> plan;
    std::string reason;  ///< A sentence that names the first node that the executor does not have.
};

/// @param graph used up if a plan is returned, so that its weights are never in memory twice; else
/// unchanged
Lowered lower(graph::Graph&& graph, const Options& options);

}  // namespace speciesnet::lowering
