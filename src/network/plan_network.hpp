// SPDX-License-Identifier: Apache-2.0
// Runs the plan of a network.
#pragma once

#include "executor/network_plan.hpp"
#include "executor/plan_run.hpp"
#include "graph/float_array.hpp"

#include <cstdint>
#include <vector>

namespace speciesnet {

/// Only one call may run at a time among all networks that share a workspace.
class PlanNetwork {
public:
    /// @param workspace must outlive the network
    /// @param receive see executor::PlanRun
    PlanNetwork(executor::NetworkPlan plan, const executor::Kernels& kernels,
                executor::Workspace& workspace, executor::PictureReceiver receive = {});
    PlanNetwork(const PlanNetwork&) = delete;
    PlanNetwork& operator=(const PlanNetwork&) = delete;

    /// @throws InvalidArgument if the network does not accept such an input
    FloatArray forward(const executor::InputPictures& input,
                       const executor::TimingReceiver& timing = {});
    /// As above, for an array with the axes of the network's input.
    FloatArray forward(const FloatArray& input, const executor::TimingReceiver& timing = {});
    /// Returns the shape that forward() would give, without running it. @throws as forward()
    std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input);

    const executor::NetworkPlan& plan() const noexcept { return plan_; }

private:
    executor::NetworkPlan plan_;
    executor::PlanRun run_;
};

}  // namespace speciesnet
