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
    /// What the weights of each output have yet to be multiplied with; empty for nothing.
    std::vector<double> factors;
    std::vector<float> bias;
    executor::ConvolutionGeometry geometry;
    bool is_depthwise = false;

    std::size_t outputs() const { return static_cast<std::size_t>(weights.size(0)); }
    std::size_t inputs() const {
        return is_depthwise ? outputs() : static_cast<std::size_t>(weights.size(1));
    }
};

/// @return nothing if the node is something else, or a convolution that the executor does not have
std::optional<ConvolutionNode> read_convolution(const torch::jit::Node* node);

/// A product with a constant matrix as a convolution of one pixel.
/// @return nothing if the node is something else
std::optional<ConvolutionNode> read_linear(const torch::jit::Node* node);

/// Whether the node is a BatchNorm that can be taken into the convolution in front of it.
bool is_foldable_batch_norm(const torch::jit::Node& node, const ConvolutionNode& convolution);

/// Takes a BatchNorm into the bias and the factors of the weights.
/// @param node is_foldable_batch_norm()
void fold_batch_norm(const torch::jit::Node& node, ConvolutionNode& convolution);

/// The weights, multiplied with their factors.
/// @param scratch room for as many; the result may be there
std::span<const float> multiplied_weights(const ConvolutionNode& convolution, float* scratch);

/// [out, in, height, width] to [out, width × in, height, 1], as merged inputs have their channels.
at::Tensor merged_weights(const at::Tensor& weights);

}  // namespace speciesnet
