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
    /// A precision that `kernels` have; not automatic. Convolutions of single pixels stay float32.
    /// With int8, the first convolution and those that produce results stay float32, too. They take
    /// little time, and their rounding would affect the results most.
    Precision precision = Precision::float32;
    /// The observed ranges of this network, for int8: feature maps are then stored as bytes, and a
    /// run does not search ranges. If null, each convolution searches the range of its input.
    const executor::ObservedRanges* ranges = nullptr;
    int threads = 1;  ///< Threads that pack weights.
    /// Called, on any of these threads, with the bytes of a weight that is packed and no longer
    /// needed, so that mapped files do not stay in memory.
    std::function<void(std::string_view)> release = {};
};

/// A plan, or the reason why there is none.
struct Lowered {
    std::optional<executor::NetworkPlan> plan;
    std::string reason;  ///< A sentence that names the first node that the executor lacks.
};

/// @param graph consumed if a plan is returned, so that its weights are never in memory twice;
/// otherwise unchanged
Lowered lower(graph::Graph&& graph, const Options& options);

}  // namespace speciesnet::lowering
