// A network that the executor runs, with LibTorch for what little is in front of the plan and
// behind it.
#pragma once

#include "executor/plan_run.hpp"
#include "network/lowering.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <torch/csrc/jit/runtime/interpreter.h>

namespace speciesnet {

class PlannedNetwork {
public:
    /// @param frozen is used up, unless null is returned
    /// @param workspace must outlive the network
    /// @param before_weights_move see lower()
    /// @return null if the executor cannot run the network
    static std::unique_ptr<PlannedNetwork> make(const std::shared_ptr<torch::jit::Graph>& frozen,
                                                const LoweringOptions& options,
                                                executor::Workspace& workspace,
                                                const std::function<void()>& before_weights_move);

    PlannedNetwork(LoweredNetwork network, const executor::Kernels& kernels,
                   executor::Workspace& workspace);

    /// One call at a time.
    at::Tensor forward(const at::Tensor& input, const executor::TimingReceiver& timing);

    /// Takes zeros for what the plan would compute, and hence no time.
    /// @return a tensor of the shape that forward() gives
    at::Tensor forward_sizes(const at::Tensor& input);

private:
    at::Tensor finish(const at::Tensor& input, const std::vector<at::Tensor>& kept) const;
    std::vector<executor::InputPictures> plan_inputs(const at::Tensor& input,
                                                     std::vector<at::Tensor>& prepared) const;

    LoweredNetwork network_;
    executor::PlanRun run_;
    std::optional<torch::jit::Code> before_;
    torch::jit::Code after_;
};

}  // namespace speciesnet
