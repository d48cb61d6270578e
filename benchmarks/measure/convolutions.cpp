// SPDX-License-Identifier: Apache-2.0
// LibTorch passes the arguments of each operation to observers; those of aten::_convolution contain
// all sizes.
#include "measure/convolutions.hpp"

#include <ATen/record_function.h>
#include <torch/torch.h>

namespace speciesnet::benchmark {
namespace {

using Recorded = std::map<Convolution, int>;

/// Observers are plain functions; they find their records through the thread that runs the network.
thread_local Recorded* recorded = nullptr;

std::unique_ptr<at::ObserverContext> note(const at::RecordFunction& function) {
    const std::string name = function.name();
    const auto inputs = function.inputs();
    // aten::_convolution(input, weight, bias, stride, padding, dilation, transposed,
    // output_padding, groups, …)
    if (recorded != nullptr && name == "aten::_convolution" && inputs.size() >= 9) {
        ++(*recorded)[{.input = inputs[0].toTensor().sizes().vec(),
                       .weight = inputs[1].toTensor().sizes().vec(),
                       .stride = inputs[3].toIntVector(),
                       .padding = inputs[4].toIntVector(),
                       .dilation = inputs[5].toIntVector(),
                       .groups = inputs[8].toInt()}];
    }
    return nullptr;
}

}  // namespace

double Convolution::operations() const {
    double outputs = static_cast<double>(input[0] * weight[0]);
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const auto reach = dilation[axis] * (weight[axis + 2] - 1) + 1;
        outputs *=
            static_cast<double>((input[axis + 2] + 2 * padding[axis] - reach) / stride[axis] + 1);
    }
    return 2.0 * outputs * static_cast<double>(weight[1] * weight[2] * weight[3]);
}

std::string to_text(const std::vector<std::int64_t>& sizes) {
    std::string text;
    for (const auto size : sizes) {
        text += (text.empty() ? "" : "x") + std::to_string(size);
    }
    return text;
}

Recorded record_convolutions(const std::function<void()>& work) {
    Recorded convolutions;
    recorded = &convolutions;
    const auto handle = at::addThreadLocalCallback(
        at::RecordFunctionCallback(note).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
    work();
    at::removeCallback(handle);
    recorded = nullptr;
    return convolutions;
}

}  // namespace speciesnet::benchmark
