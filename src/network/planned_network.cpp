// Tensors at the borders of the plan.
#include "network/planned_network.hpp"

#include "speciesnet/error.hpp"

#include "network/interpreter.hpp"

#include <cstdint>
#include <utility>

#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

namespace speciesnet {
namespace {

/// The last axis of a network's input holds the channels, or the second one does.
executor::InputPictures pictures_of(const at::Tensor& tensor, bool channels_first) {
    if (tensor.dim() != 4 || tensor.scalar_type() != at::kFloat || !tensor.is_contiguous()) {
        throw InvalidArgument("the network's input has not four axes");
    }
    const auto size = [&](int axis) { return static_cast<std::size_t>(tensor.size(axis)); };
    return {.data = tensor.data_ptr<float>(),
            .size = {.images = size(0),
                     .height = size(channels_first ? 2 : 1),
                     .width = size(channels_first ? 3 : 2),
                     .channels = size(channels_first ? 1 : 3)},
            .channels_first = channels_first};
}

/// Images and channels, then perhaps rows and columns, as LibTorch counts.
std::vector<std::int64_t> in_order(std::size_t images, std::size_t channels, std::size_t rows,
                                   std::size_t columns, bool has_picture_axes) {
    const auto number = [](std::size_t value) { return static_cast<std::int64_t>(value); };
    std::vector<std::int64_t> numbers{number(images), number(channels)};
    if (has_picture_axes) {
        numbers.insert(numbers.end(), {number(rows), number(columns)});
    }
    return numbers;
}

std::vector<std::int64_t> shape_of(const executor::PictureSize& size, bool has_picture_axes) {
    return in_order(size.images, size.channels, size.height, size.width, has_picture_axes);
}

/// A tensor of its own, as LibTorch makes them: what follows may rely on that.
at::Tensor tensor_of(const executor::ConstPicture& picture, bool has_picture_axes) {
    // from_blob() wants a pointer to mutable data; the copy is made at once.
    return at::from_blob(const_cast<float*>(picture.data), shape_of(picture.size, has_picture_axes),
                         in_order(picture.image_stride, 1, picture.row_stride, picture.pixel_stride,
                                  has_picture_axes),
                         at::TensorOptions().dtype(at::kFloat))
        .clone(at::MemoryFormat::Contiguous);
}

}  // namespace

std::unique_ptr<PlannedNetwork> PlannedNetwork::make(
    const std::shared_ptr<torch::jit::Graph>& frozen, const LoweringOptions& options,
    executor::Workspace& workspace, const std::function<void()>& before_weights_move) {
    auto lowered = lower(frozen, options, before_weights_move);
    return lowered
               ? std::make_unique<PlannedNetwork>(std::move(*lowered), options.kernels, workspace)
               : nullptr;
}

PlannedNetwork::PlannedNetwork(LoweredNetwork network, const executor::Kernels& kernels,
                               executor::Workspace& workspace)
    : network_(std::move(network)),
      run_(network_.plan, kernels, workspace),
      after_(network_.after, "after") {
    if (network_.before) {
        before_.emplace(network_.before, "before");
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
        kept.push_back(tensor_of(picture, network_.results[kept.size()].has_picture_axes));
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
        kept.push_back(at::zeros(shape_of(size, network_.results[kept.size()].has_picture_axes)));
    }
    return finish(input, kept);
}

at::Tensor PlannedNetwork::finish(const at::Tensor& input,
                                  const std::vector<at::Tensor>& kept) const {
    torch::jit::Stack stack{c10::IValue(), input};
    stack.insert(stack.end(), kept.begin(), kept.end());
    return first_tensor(interpret(after_, std::move(stack)).front());
}

}  // namespace speciesnet
