// Convolutions, matrix products, and what follows them.
#include "torchscript/graph_lowering.hpp"
#include "torchscript/graph_values.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace speciesnet {
namespace {

using executor::Activation;
using executor::Plan;
using torch::jit::Node;
using torch::jit::Value;

/// A kernel of few channels is merged along its rows up to this many.
constexpr std::size_t most_merged_channels = 32;

/// Whether a value is on its way to the network's output.
bool is_only_reshaped(const Value* value) {
    return std::all_of(value->uses().begin(), value->uses().end(), [](const auto& use) {
        const auto name = operation_of(use.user);
        return use.user->kind() == c10::prim::Return || name == "view" || name == "reshape" ||
               name == "permute" || name == "transpose" || name == "flatten" || name == "slice" ||
               name == "size";
    });
}

}  // namespace

bool GraphLowering::lower_convolution(Node* node, ConvolutionNode convolution) {
    const Value* const input = node->input(0);
    Tensor from;
    if (const Tensor* const known = find(input)) {
        if (known->dimensions != 4) {
            return false;
        }
        from = *known;
        if (network_.plan.value(from.value).channels != convolution.inputs()) {
            return false;
        }
        add_padding(convolution, from.padding);
    } else if (const auto source = outside(input, convolution)) {
        from = *source;
    } else {
        return false;
    }
    define_convolution(node, from, std::move(convolution));
    return true;
}

bool GraphLowering::lower_linear(Node* node) {
    const Tensor* const from = find(node->input(0));
    auto product = read_linear(node);
    if (from == nullptr || from->dimensions != 2 || !product ||
        network_.plan.value(from->value).channels != product->inputs()) {
        return false;
    }
    define_convolution(node, *from, std::move(*product));
    return true;
}

Value* GraphLowering::follow_bias(Value* value, ConvolutionNode& convolution) {
    Node* const sum = only_user(value);
    if (sum == nullptr || !is_plain_add(sum)) {
        return value;
    }
    const auto bias = constant_tensor(sum->input(sum->input(0) == value ? 1 : 0));
    // A last axis alone: it meets the channels of a product, but would meet columns of a picture.
    if (!bias || bias->dim() != 1 || bias->numel() != convolution.weights.size(0)) {
        return value;
    }
    const auto numbers = bias->contiguous();
    const auto* const added = numbers.data_ptr<float>();
    std::transform(convolution.bias.begin(), convolution.bias.end(), added,
                   convolution.bias.begin(), std::plus<>());
    return sum->output();
}

void GraphLowering::define_convolution(Node* node, const Tensor& from,
                                       ConvolutionNode convolution) {
    if (weights_ == Weights::taken) {
        release_constant(*node->input(1));
    }
    const bool is_single_pixel =
        from.is_single_pixel && convolution.geometry.taps() == 1 && !from.is_padded();
    std::vector<Plan::Value> inputs{from.value};
    Activation activation = Activation::none;
    Value* convolved = node->output();
    if (from.dimensions == 2) {
        convolved = follow_bias(convolved, convolution);
        if (convolved != node->output()) {
            fused_.insert(convolved->node());
        }
    }
    convolved = follow_batch_norm(convolved, convolution);
    Value* const result =
        follow(convolved, activation, inputs, convolution.outputs(), is_single_pixel);
    const auto precision = precision_of(from, is_single_pixel, result);
    define(result, nullptr, std::move(inputs), convolution.outputs(), is_single_pixel);
    tensors_[result].dimensions = from.dimensions;
    if (weights_ == Weights::taken) {
        unpacked_.push_back({.step = network_.plan.steps().size() - 1,
                             .convolution = std::move(convolution),
                             .activation = activation,
                             .precision = precision});
    }
}

void GraphLowering::add_padding(ConvolutionNode& convolution,
                                const std::vector<std::size_t>& padding) {
    convolution.geometry.pad_left += padding[0];
    convolution.geometry.pad_right += padding[1];
    convolution.geometry.pad_top += padding[2];
    convolution.geometry.pad_bottom += padding[3];
}

Precision GraphLowering::precision_of(const Tensor& from, bool is_single_pixel,
                                      const Value* result) const {
    const auto& inputs = network_.plan.inputs();
    const bool is_first = std::any_of(inputs.begin(), inputs.end(),
                                      [&](const auto& input) { return input.value == from.value; });
    const bool is_at_border = is_first || is_only_reshaped(result);
    const bool stays_float32 =
        is_single_pixel || (is_at_border && options_.precision == Precision::int8);
    return stays_float32 ? Precision::float32 : options_.precision;
}

Value* GraphLowering::follow(Value* value, Activation& activation, std::vector<Plan::Value>& inputs,
                             std::size_t channels, bool is_single_pixel) {
    value = follow_activation(value, activation);
    Node* const sum = only_user(value);
    if (sum == nullptr || !is_plain_add(sum) || sum->input(0) == sum->input(1)) {
        return value;
    }
    const Tensor* const residual = picture(sum->input(0) == value ? sum->input(1) : sum->input(0));
    if (residual == nullptr || residual->is_single_pixel != is_single_pixel ||
        network_.plan.value(residual->value).channels != channels) {
        return value;
    }
    fused_.insert(sum);
    inputs.push_back(residual->value);
    return sum->output();
}

Value* GraphLowering::follow_batch_norm(Value* value, ConvolutionNode& convolution) {
    Node* const user = only_user(value);
    if (user == nullptr || !is_foldable_batch_norm(*user, convolution)) {
        return value;
    }
    if (weights_ == Weights::taken) {
        fold_batch_norm(*user, convolution);
    }
    fused_.insert(user);
    return user->output();
}

Value* GraphLowering::follow_activation(Value* value, Activation& activation) {
    if (Node* const user = only_user(value)) {
        if (const auto found = activation_of(user)) {
            activation = *found;
            fused_.insert(user);
            return user->output();
        }
        return value;
    }
    if (value->uses().size() == 2) {
        for (const auto& use : value->uses()) {
            Node* const sigmoid = use.user;
            Node* const product =
                operation_of(sigmoid) == "sigmoid" ? silu_product(value, sigmoid) : nullptr;
            if (product != nullptr) {
                activation = Activation::silu;
                fused_.insert(sigmoid);
                fused_.insert(product);
                return product->output();
            }
        }
    }
    return value;
}

std::optional<GraphLowering::Tensor> GraphLowering::outside(const Value* input,
                                                            ConvolutionNode& convolution) {
    if (depends_on_plan(input) || convolution.is_depthwise) {
        return std::nullopt;
    }
    const Node* const producer = input->node();
    if (const auto padding = zero_padding(producer)) {
        add_padding(convolution, *padding);
        input = producer->input(0);
    }
    bool channels_first = true;
    const Value* source = input;
    if (operation_of(input->node()) == "permute" &&
        constant_integers(input->node()->input(1)) == std::vector<std::int64_t>{0, 3, 1, 2}) {
        channels_first = false;
        source = input->node()->input(0);
    }
    const bool is_network_input = source == network_.after->inputs()[1];
    if (!is_network_input) {
        channels_first = true;
        source = input;
    }
    executor::InputLayout layout{.channels = convolution.inputs()};
    auto& geometry = convolution.geometry;
    if (convolution.inputs() * geometry.kernel_width <= most_merged_channels &&
        !geometry.is_dilated()) {
        layout.merged = geometry;
        convolution.weights = merged_weights(convolution.weights);
        geometry = {.kernel_height = geometry.kernel_height,
                    .stride_height = geometry.stride_height,
                    .stride_width = geometry.stride_width};
    }
    network_.sources.push_back({.output = std::nullopt, .channels_first = channels_first});
    sources_.push_back(is_network_input ? nullptr : source);
    return Tensor{.value = network_.plan.add_input(layout)};
}

}  // namespace speciesnet
