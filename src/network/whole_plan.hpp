// A network that is a plan from its input to its output.
#pragma once

#include "executor/plan.hpp"
#include "network/plan_borders.hpp"
#include "network/runnable_network.hpp"

#include <cstdint>
#include <vector>

namespace speciesnet {

/// Its one input is the network's, and so is the only value that it keeps.
struct WholePlan {
    executor::Plan plan;
    bool channels_first = true;  ///< Of the network's input.
    Axes output = Axes::picture;
};

/// Runs it, without LibTorch.
class WholePlanNetwork final : public RunnableNetwork {
public:
    /// @param workspace must outlive the network
    WholePlanNetwork(WholePlan plan, Precision precision, const executor::Kernels& kernels,
                     executor::Workspace& workspace);

    FloatArray forward(const FloatArray& input, const executor::TimingReceiver& timing) override;
    std::vector<std::int64_t> output_shape(const std::vector<std::int64_t>& input) override;
    bool is_planned() const noexcept override { return true; }
    Precision precision() const noexcept override { return precision_; }

    const WholePlan* whole_plan() const noexcept override { return &plan_; }

private:
    WholePlan plan_;
    Precision precision_;
    executor::PlanRun run_;
};

}  // namespace speciesnet
