// SPDX-License-Identifier: Apache-2.0
// Runs the plan of a network.
#pragma once

#include "executor/network_plan.hpp"
#include "executor/plan_run.hpp"
#include "graph/float_array.hpp"

#include <cstdint>
#include <vector>

namespace speciesnet {

/// One call at a time of all that share a workspace.
class PlanNetwork {
public:
    /// @param workspace must outlive the network
    PlanNetwork(executor::NetworkPlan plan, const executor::Kernels& kernels,
                executor::Workspace& workspace);
    PlanNetwork(const PlanNetwork&) = delete;
    PlanNetwork& operator=(const PlanNetwork&) = delete;

    /// @throws InvalidArgument if the network cannot take such an input
    FloatArray forward(const executor::InputPictures& input,
                       const executor::TimingReceiver& timing = {});
    /// The same for an array with the axes of the network's input.
    FloatArray forward(const FloatArray& input, const executor::TimingReceiver& timing = {});
    /// The shape that forward() would give; nothing is computed. @throws as forward()
    std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input);

    const executor::NetworkPlan& plan() const noexcept { return plan_; }

private:
    executor::NetworkPlan plan_;
    executor::PlanRun run_;
};

}  // namespace speciesnet
