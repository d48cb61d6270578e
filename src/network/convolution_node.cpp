// Only what has constant weights, no dilation and no transposition.
#include "network/convolution_node.hpp"

#include "network/graph_values.hpp"

#include <algorithm>
#include <utility>

#include <ATen/ATen.h>

namespace speciesnet {

std::optional<ConvolutionNode> read_convolution(const torch::jit::Node* node) {
    const auto name = operation_of(node);
    const bool is_general = name == "_convolution" && node->inputs().size() >= 9;
    if (!is_general && !(name == "conv2d" && node->inputs().size() == 7)) {
        return std::nullopt;
    }
    const auto weights = constant_tensor(node->input(1));
    const auto bias = constant_tensor(node->input(2));
    const auto stride = constant_size_pair(node->input(3));
    const auto padding = constant_size_pair(node->input(4));
    const auto groups = constant_integer(node->input(is_general ? 8 : 6));
    const auto transposed = is_general ? constant_boolean(node->input(6)) : std::optional(false);
    if (!weights || weights->dim() != 4 || weights->numel() == 0 ||
        (!bias && !is_none(node->input(2))) || !stride || stride->first == 0 ||
        stride->second == 0 || !padding || !is_one(node->input(5)) || transposed != false ||
        !groups) {
        return std::nullopt;
    }
    ConvolutionNode convolution{.weights = weights->contiguous()};
    if (*groups != 1) {
        convolution.is_depthwise = *groups == weights->size(0) && weights->size(1) == 1;
        if (!convolution.is_depthwise) {
            return std::nullopt;
        }
    }
    convolution.bias.resize(convolution.outputs());
    if (bias) {
        const auto numbers = bias->contiguous();
        if (numbers.numel() != weights->size(0)) {
            return std::nullopt;
        }
        std::copy_n(numbers.data_ptr<float>(), convolution.outputs(), convolution.bias.begin());
    }
    convolution.geometry = {.kernel_height = static_cast<std::size_t>(weights->size(2)),
                            .kernel_width = static_cast<std::size_t>(weights->size(3)),
                            .stride_height = stride->first,
                            .stride_width = stride->second,
                            .pad_top = padding->first,
                            .pad_left = padding->second,
                            .pad_bottom = padding->first,
                            .pad_right = padding->second};
    return convolution;
}

namespace {

/// Row by row, so that there is never a copy in double precision.
at::Tensor scaled_rows(const at::Tensor& weights, const at::Tensor& factors) {
    at::Tensor scaled = at::empty_like(weights);
    const auto rows = weights.size(0);
    const auto columns = rows == 0 ? 0 : weights.numel() / rows;
    const auto* const from = weights.data_ptr<float>();
    auto* const to = scaled.data_ptr<float>();
    for (std::int64_t row = 0; row < rows; ++row) {
        const double factor = factors.data_ptr<double>()[row];
        std::transform(from + row * columns, from + (row + 1) * columns, to + row * columns,
                       [factor](float weight) { return static_cast<float>(weight * factor); });
    }
    return scaled;
}

}  // namespace

bool fold_batch_norm(const torch::jit::Node& node, ConvolutionNode& convolution) {
    if (operation_of(&node) != "batch_norm" || constant_boolean(node.input(5)) != false) {
        return false;
    }
    const auto scale = constant_tensor(node.input(1));
    const auto shift = constant_tensor(node.input(2));
    const auto mean = constant_tensor(node.input(3));
    const auto variance = constant_tensor(node.input(4));
    const auto epsilon = constant_number(node.input(7));
    const auto channels = convolution.weights.size(0);
    const auto fits = [&](const std::optional<at::Tensor>& tensor) {
        return tensor && tensor->numel() == channels;
    };
    if (!fits(scale) || !fits(shift) || !fits(mean) || !fits(variance) || !epsilon) {
        return false;
    }
    // In double precision, rounded once: an error of a factor would move a whole channel.
    const at::Tensor factors =
        (scale->to(at::kDouble) * (variance->to(at::kDouble) + *epsilon).rsqrt()).contiguous();
    const auto bias = at::from_blob(convolution.bias.data(), {channels}, at::kFloat);
    const at::Tensor moved =
        ((bias.to(at::kDouble) - *mean) * factors + *shift).to(at::kFloat).contiguous();
    std::copy_n(moved.data_ptr<float>(), convolution.bias.size(), convolution.bias.begin());
    convolution.weights = scaled_rows(convolution.weights, factors);
    return true;
}

at::Tensor merged_weights(const at::Tensor& weights) {
    return weights.permute({0, 3, 1, 2})
        .reshape({weights.size(0), weights.size(1) * weights.size(3), weights.size(2), 1})
        .contiguous();
}

}  // namespace speciesnet
