// A frozen TorchScript graph becomes a plan for the executor, and what little of it the executor
// has no operation for stays with LibTorch.
#pragma once

#include "speciesnet/inference.hpp"

#include "executor/plan.hpp"
#include "network/plan_borders.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

struct LoweringOptions {
    const executor::Kernels& kernels;
    /// One that `kernels` have; not automatic. The first convolution, those of single pixels and
    /// those that give results stay float32: they take little time, and their rounding would show
    /// most.
    Precision precision = Precision::float32;
    int threads = 1;  ///< That bring weights into the kernels' order.
};

struct LoweredNetwork {
    /// Where an input of the plan comes from.
    struct Source {
        /// Which output of `before`; nothing if it is the network's own input.
        std::optional<std::size_t> output;
        bool channels_first = true;
    };
    executor::Plan plan;
    std::vector<Source> sources;
    /// Takes the network's input; null if the plan needs nothing from it.
    std::shared_ptr<torch::jit::Graph> before;
    /// Takes the network's input, then what the plan keeps, and gives the network's output; null if
    /// that is the only value that the plan keeps.
    std::shared_ptr<torch::jit::Graph> after;
    std::vector<executor::Axes> results;  ///< Of each kept value of the plan, as a tensor.
};

/// @param frozen takes the module, which it does not use any more, and one tensor; it is used up,
/// unless nothing is returned
/// @param before_weights_move called when it is clear that the graph can be lowered: who else holds
/// the weights may let them go, so that they are never in memory twice
/// @return nothing if the graph has no convolution that the executor can run, or if it changes
/// tensors in place in a way that matters
std::optional<LoweredNetwork> lower(const std::shared_ptr<torch::jit::Graph>& frozen,
                                    const LoweringOptions& options,
                                    const std::function<void()>& before_weights_move);

}  // namespace speciesnet
