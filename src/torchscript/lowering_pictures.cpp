// Operations on whole pictures: activations, sums, products, concatenation, pools.
#include "executor/pixelwise.hpp"
#include "executor/pooling.hpp"
#include "torchscript/graph_lowering.hpp"
#include "torchscript/graph_values.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {

using executor::Activation;
using executor::ConvolutionGeometry;
using executor::Plan;
using torch::jit::Node;
using torch::jit::Value;

std::optional<Activation> activation_of(const Node* node) {
    const auto name = operation_of(node);
    if (name == "silu" || name == "silu_") {
        return Activation::silu;
    }
    if (name == "relu" || name == "relu_") {
        return Activation::relu;
    }
    return name == "sigmoid" || name == "sigmoid_" ? std::optional(Activation::sigmoid)
                                                   : std::nullopt;
}

Node* silu_product(const Value* value, const Node* sigmoid) {
    Node* const product = only_user(sigmoid->output());
    const bool is_product = product != nullptr && operation_of(product) == "mul" &&
                            (product->input(0) == value || product->input(1) == value);
    return is_product ? product : nullptr;
}

bool is_plain_add(const Node* node) {
    return operation_of(node) == "add" && node->inputs().size() == 3 &&
           constant_number(node->input(2)) == 1.0;
}

bool GraphLowering::lower_activation(Node* node) {
    const Tensor* const from = picture(node->input(0));
    if (from == nullptr || writes_to_inputs(*node)) {
        return false;
    }
    auto activation = *activation_of(node);
    Value* result = node->output();
    if (activation == Activation::sigmoid) {
        if (Node* const product = silu_product(node->input(0), node)) {
            activation = Activation::silu;
            fused_.insert(product);
            result = product->output();
        }
    }
    define(result, std::make_unique<executor::Pixelwise>(activation), {from->value},
           network_.plan.value(from->value).channels, from->is_single_pixel);
    return true;
}

bool GraphLowering::lower_add(Node* node) {
    const Tensor* const first = picture(node->input(0));
    const Tensor* const second = picture(node->input(1));
    if (!is_plain_add(node) || first == nullptr || second == nullptr) {
        return false;
    }
    if (first->is_single_pixel != second->is_single_pixel) {
        return lower_for_each_channel(node, std::make_unique<executor::ChannelShift>());
    }
    const auto channels = network_.plan.value(first->value).channels;
    if (channels != network_.plan.value(second->value).channels) {
        return false;
    }
    define(node->output(), std::make_unique<executor::Pixelwise>(Activation::none),
           {first->value, second->value}, channels, first->is_single_pixel);
    return true;
}

bool GraphLowering::lower_for_each_channel(Node* node,
                                           std::unique_ptr<executor::Operation> operation) {
    const Tensor* first = picture(node->input(0));
    const Tensor* second = picture(node->input(1));
    if (first == nullptr || second == nullptr) {
        return false;
    }
    if (first->is_single_pixel) {
        std::swap(first, second);
    }
    const auto channels = network_.plan.value(first->value).channels;
    if (first->is_single_pixel || !second->is_single_pixel ||
        channels != network_.plan.value(second->value).channels) {
        return false;
    }
    define(node->output(), std::move(operation), {first->value, second->value}, channels, false);
    return true;
}

bool GraphLowering::lower_concatenation(Node* node) {
    const Node* const list = node->input(0)->node();
    if (list->kind() != c10::prim::ListConstruct || constant_integer(node->input(1)) != 1) {
        return false;
    }
    std::vector<Plan::Value> parts;
    bool is_single_pixel = true;
    for (const Value* const part : list->inputs()) {
        const Tensor* const tensor = picture(part);
        if (tensor == nullptr || (!parts.empty() && tensor->is_single_pixel != is_single_pixel)) {
            return false;
        }
        is_single_pixel = tensor->is_single_pixel;
        parts.push_back(tensor->value);
    }
    if (parts.empty()) {
        return false;
    }
    tensors_[node->output()] = {.value = network_.plan.concatenate(parts),
                                .is_single_pixel = is_single_pixel};
    owned_.push_back(node->output());
    return true;
}

bool GraphLowering::lower_maximum_pool(Node* node) {
    const Tensor* const from = picture(node->input(0));
    const auto kernel = constant_size_pair(node->input(1));
    const auto stride = constant_integers(node->input(2)) == std::vector<std::int64_t>{}
                            ? kernel
                            : constant_size_pair(node->input(2));
    const auto padding = constant_size_pair(node->input(3));
    const auto rounds_up = constant_boolean(node->input(5));
    if (from == nullptr || !kernel || !stride || !padding || !is_one(node->input(4)) ||
        rounds_up != false || kernel->first == 0 || kernel->second == 0 || stride->first == 0 ||
        stride->second == 0) {
        return false;
    }
    const ConvolutionGeometry geometry{.kernel_height = kernel->first,
                                       .kernel_width = kernel->second,
                                       .stride_height = stride->first,
                                       .stride_width = stride->second,
                                       .pad_top = padding->first,
                                       .pad_left = padding->second,
                                       .pad_bottom = padding->first,
                                       .pad_right = padding->second};
    define(node->output(), std::make_unique<executor::MaximumPool>(geometry), {from->value},
           network_.plan.value(from->value).channels, false);
    return true;
}

bool GraphLowering::lower_upsample(Node* node) {
    const Tensor* const from = picture(node->input(0));
    if (from == nullptr || node->inputs().size() != 3 || !is_none(node->input(1))) {
        return false;
    }
    const auto factors = constant_numbers(node->input(2));
    constexpr double most = 64;
    if (!factors || factors->size() != 2 ||
        std::any_of(factors->begin(), factors->end(), [](double factor) {
            return !(factor >= 1 && factor <= most) ||
                   factor != static_cast<double>(static_cast<int>(factor));
        })) {
        return false;
    }
    define(node->output(),
           std::make_unique<executor::NearestUpsample>(static_cast<std::size_t>((*factors)[0]),
                                                       static_cast<std::size_t>((*factors)[1])),
           {from->value}, network_.plan.value(from->value).channels, false);
    return true;
}

bool GraphLowering::lower_mean(Node* node) {
    const Tensor* const from = picture(node->input(0));
    if (from == nullptr) {
        return false;
    }
    std::optional<bool> keeps_axes = true;
    if (operation_of(node) == "mean") {
        auto axes = constant_integers(node->input(1));
        if (node->inputs().size() != 4 || !axes || !is_none(node->input(3))) {
            return false;
        }
        for (auto& axis : *axes) {
            axis += axis < 0 ? 4 : 0;
        }
        std::sort(axes->begin(), axes->end());
        keeps_axes = constant_boolean(node->input(2));
        if (*axes != std::vector<std::int64_t>{2, 3} || !keeps_axes) {
            return false;
        }
    } else if (!is_one(node->input(1))) {
        return false;
    }
    define(node->output(), std::make_unique<executor::GlobalMean>(), {from->value},
           network_.plan.value(from->value).channels, true);
    tensors_[node->output()].dimensions = *keeps_axes ? 4 : 2;
    return true;
}

}  // namespace speciesnet
