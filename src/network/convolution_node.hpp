// Convolutions of TorchScript graphs.
#pragma once

#include "executor/convolution.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

/// A convolution as the graph has it.
struct ConvolutionNode {
    at::Tensor weights;  ///< [out, in / groups, height, width], contiguous.
    std::vector<float> bias;
    executor::ConvolutionGeometry geometry;
    bool is_depthwise = false;

    std::size_t outputs() const { return static_cast<std::size_t>(weights.size(0)); }
    std::size_t inputs() const {
        return is_depthwise ? outputs() : static_cast<std::size_t>(weights.size(1));
    }
    std::span<const float> numbers() const {
        return {weights.data_ptr<float>(), static_cast<std::size_t>(weights.numel())};
    }
};

/// @return nothing if the node is something else, or a convolution that the executor does not have
std::optional<ConvolutionNode> read_convolution(const torch::jit::Node* node);

/// Takes a BatchNorm behind the convolution into its weights and bias.
/// @return whether the node is one that can be taken
bool fold_batch_norm(const torch::jit::Node& node, ConvolutionNode& convolution);

/// [out, in, height, width] to [out, width × in, height, 1], as merged inputs have their channels.
at::Tensor merged_weights(const at::Tensor& weights);

}  // namespace speciesnet
