// Only what has constant weights and is not transposed.
#include "torchscript/convolution_node.hpp"

#include "torchscript/graph_values.hpp"

#include <algorithm>
#include <utility>

#include <ATen/ATen.h>

namespace speciesnet {
namespace {

/// @return whether the bias, if there is one, has a number per channel
bool take_bias(const std::optional<at::Tensor>& bias, ConvolutionNode& convolution) {
    convolution.bias.resize(convolution.outputs());
    if (!bias) {
        return true;
    }
    const auto numbers = bias->contiguous();
    if (numbers.numel() != convolution.weights.size(0)) {
        return false;
    }
    std::copy_n(numbers.data_ptr<float>(), convolution.outputs(), convolution.bias.begin());
    return true;
}

}  // namespace

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
    const auto dilation = constant_size_pair(node->input(5));
    const auto groups = constant_integer(node->input(is_general ? 8 : 6));
    const auto transposed = is_general ? constant_boolean(node->input(6)) : std::optional(false);
    if (!weights || weights->dim() != 4 || weights->numel() == 0 ||
        (!bias && !is_none(node->input(2))) || !stride || stride->first == 0 ||
        stride->second == 0 || !padding || !dilation || dilation->first == 0 ||
        dilation->second == 0 || transposed != false || !groups) {
        return std::nullopt;
    }
    ConvolutionNode convolution{.weights = weights->contiguous()};
    if (*groups != 1) {
        convolution.is_depthwise = *groups == weights->size(0) && weights->size(1) == 1;
        if (!convolution.is_depthwise) {
            return std::nullopt;
        }
    }
    if (!take_bias(bias, convolution)) {
        return std::nullopt;
    }
    convolution.geometry = {.kernel_height = static_cast<std::size_t>(weights->size(2)),
                            .kernel_width = static_cast<std::size_t>(weights->size(3)),
                            .stride_height = stride->first,
                            .stride_width = stride->second,
                            .pad_top = padding->first,
                            .pad_left = padding->second,
                            .pad_bottom = padding->first,
                            .pad_right = padding->second,
                            .dilation_height = dilation->first,
                            .dilation_width = dilation->second};
    return convolution;
}

std::optional<ConvolutionNode> read_linear(const torch::jit::Node* node) {
    const bool is_linear = operation_of(node) == "linear" && node->inputs().size() == 3;
    if (!is_linear && operation_of(node) != "matmul") {
        return std::nullopt;
    }
    auto weights = constant_tensor(node->input(1));
    const auto bias = is_linear ? constant_tensor(node->input(2)) : std::nullopt;
    if (!weights || weights->dim() != 2 || weights->numel() == 0 ||
        (is_linear && !bias && !is_none(node->input(2)))) {
        return std::nullopt;
    }
    if (!is_linear) {
        weights = weights->t();
    }
    ConvolutionNode product{
        .weights = weights->reshape({weights->size(0), weights->size(1), 1, 1}).contiguous()};
    return take_bias(bias, product) ? std::optional(std::move(product)) : std::nullopt;
}

bool is_foldable_batch_norm(const torch::jit::Node& node, const ConvolutionNode& convolution) {
    if (operation_of(&node) != "batch_norm" || constant_boolean(node.input(5)) != false ||
        !constant_number(node.input(7))) {
        return false;
    }
    const auto is_per_channel = [&](std::size_t input) {
        const auto tensor = constant_tensor(node.input(input));
        return tensor && tensor->numel() == convolution.weights.size(0);
    };
    return is_per_channel(1) && is_per_channel(2) && is_per_channel(3) && is_per_channel(4);
}

void fold_batch_norm(const torch::jit::Node& node, ConvolutionNode& convolution) {
    const auto numbers = [&](std::size_t input) {
        return constant_tensor(node.input(input))->to(at::kDouble).contiguous();
    };
    // In double precision, rounded once: an error of a factor would move a whole channel.
    const at::Tensor factors =
        (numbers(1) * (numbers(4) + *constant_number(node.input(7))).rsqrt()).contiguous();
    const auto bias =
        at::from_blob(convolution.bias.data(), {convolution.weights.size(0)}, at::kFloat);
    const at::Tensor moved =
        ((bias.to(at::kDouble) - numbers(3)) * factors + numbers(2)).to(at::kFloat).contiguous();
    std::copy_n(moved.data_ptr<float>(), convolution.bias.size(), convolution.bias.begin());
    convolution.factors.assign(factors.data_ptr<double>(),
                               factors.data_ptr<double>() + factors.numel());
}

std::span<const float> multiplied_weights(const ConvolutionNode& convolution, float* scratch) {
    const auto* from = convolution.weights.data_ptr<float>();
    const auto count = static_cast<std::size_t>(convolution.weights.numel());
    if (convolution.factors.empty()) {
        return {from, count};
    }
    const auto columns = convolution.weights.numel() / convolution.weights.size(0);
    float* to = scratch;
    for (const double factor : convolution.factors) {
        to = std::transform(from, from + columns, to,
                            [factor](float weight) { return static_cast<float>(weight * factor); });
        from += columns;
    }
    return {scratch, count};
}

at::Tensor merged_weights(const at::Tensor& weights) {
    return weights.permute({0, 3, 1, 2})
        .reshape({weights.size(0), weights.size(1) * weights.size(3), weights.size(2), 1})
        .contiguous();
}

}  // namespace speciesnet
