// A network that the executor runs, with LibTorch for what little is in front of its plan or behind
// it.
#pragma once

#include "executor/plan_run.hpp"
#include "torchscript/lowering.hpp"

#include <optional>
#include <vector>

#include <torch/csrc/jit/runtime/interpreter.h>

namespace speciesnet {

class PlannedNetwork {
public:
    /// @param workspace must outlive the network
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
    std::optional<torch::jit::Code> after_;
};

}  // namespace speciesnet
