// Tensors at the borders of the plan.
#include "torchscript/planned_network.hpp"

#include "speciesnet/error.hpp"

#include "network/plan_borders.hpp"
#include "torchscript/interpreter.hpp"

#include <cstdint>
#include <utility>

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

namespace speciesnet {
namespace {

executor::InputPictures pictures_of(const at::Tensor& tensor, bool channels_first) {
    if (tensor.scalar_type() != at::kFloat || !tensor.is_contiguous()) {
        throw InvalidArgument("the network's input is not in order");
    }
    return {.data = tensor.data_ptr<float>(),
            .size = input_size({tensor.sizes().data(), tensor.sizes().size()}, channels_first),
            .channels_first = channels_first};
}

/// A tensor of its own, as LibTorch makes them: what follows may rely on that.
at::Tensor tensor_of(const executor::ConstPicture& picture, executor::Axes axes) {
    auto tensor = at::empty(shape_of(picture.size, axes), at::TensorOptions().dtype(at::kFloat));
    copy_in_order(picture, axes, tensor.data_ptr<float>());
    return tensor;
}

}  // namespace

PlannedNetwork::PlannedNetwork(LoweredNetwork network, const executor::Kernels& kernels,
                               executor::Workspace& workspace)
    : network_(std::move(network)), run_(network_.plan, kernels, workspace) {
    if (network_.before) {
        before_.emplace(network_.before, "before");
    }
    if (network_.after) {
        after_.emplace(network_.after, "after");
    }
}

std::vector<executor::InputPictures> PlannedNetwork::plan_inputs(
    const at::Tensor& input, std::vector<at::Tensor>& prepared) const {
    if (before_) {
        for (const auto& value : interpret(*before_, {c10::IValue(), input})) {
            prepared.push_back(value.toTensor().contiguous());
        }
    }
    std::vector<executor::InputPictures> pictures;
    for (const auto& source : network_.sources) {
        pictures.push_back(
            pictures_of(source.output ? prepared[*source.output] : input, source.channels_first));
    }
    return pictures;
}

at::Tensor PlannedNetwork::forward(const at::Tensor& input,
                                   const executor::TimingReceiver& timing) {
    std::vector<at::Tensor> prepared;
    std::vector<at::Tensor> kept;
    for (const auto& picture : run_.run(plan_inputs(input, prepared), timing)) {
        kept.push_back(tensor_of(picture, network_.results[kept.size()]));
    }
    return finish(input, kept);
}

at::Tensor PlannedNetwork::forward_sizes(const at::Tensor& input) {
    std::vector<at::Tensor> prepared;
    std::vector<executor::PictureSize> sizes;
    for (const auto& pictures : plan_inputs(input, prepared)) {
        sizes.push_back(pictures.size);
    }
    std::vector<at::Tensor> kept;
    for (const auto& size : run_.output_sizes(sizes)) {
        kept.push_back(at::zeros(shape_of(size, network_.results[kept.size()])));
    }
    return finish(input, kept);
}

at::Tensor PlannedNetwork::finish(const at::Tensor& input,
                                  const std::vector<at::Tensor>& kept) const {
    if (!after_) {
        return kept.front();
    }
    torch::jit::Stack stack{c10::IValue(), input};
    stack.insert(stack.end(), kept.begin(), kept.end());
    return first_tensor(interpret(*after_, std::move(stack)).front());
}

}  // namespace speciesnet
