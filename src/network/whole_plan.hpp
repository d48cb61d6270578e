// A network that is a plan from its input to its output.
#pragma once

#include "executor/network_plan.hpp"
#include "network/plan_borders.hpp"
#include "network/runnable_network.hpp"

#include <cstdint>
#include <vector>

namespace speciesnet {

/// Runs a plan, without LibTorch.
class WholePlanNetwork final : public RunnableNetwork {
public:
    /// @param workspace must outlive the network
    WholePlanNetwork(executor::NetworkPlan plan, Precision precision,
                     const executor::Kernels& kernels, executor::Workspace& workspace);

    FloatArray forward(const FloatArray& input, const executor::TimingReceiver& timing) override;
    std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input) override;
    bool is_planned() const noexcept override { return true; }
    Precision precision() const noexcept override { return precision_; }

    const executor::NetworkPlan* whole_plan() const noexcept override { return &plan_; }

private:
    executor::NetworkPlan plan_;
    Precision precision_;
    executor::PlanRun run_;
};

}  // namespace speciesnet
