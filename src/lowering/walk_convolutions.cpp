// SPDX-License-Identifier: Apache-2.0
// Lowers convolutions and matrix products, and fuses operations into them.
#include "lowering/refusal.hpp"
#include "lowering/walk.hpp"
#include "lowering/weights.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::lowering {
namespace {

/// Kernels are merged along their rows up to this number of channels.
constexpr std::size_t most_merged_channels = 32;

}  // namespace

void Walk::lower(graph::Value node, const graph::Convolution& convolution) {
    auto unpacked = read(convolution);
    const auto input = this->node(node).inputs[0];
    Tensor from;
    if (const auto* const view = find<InputView>(input)) {
        from = add_input(*view, unpacked);
    } else {
        // The convolution includes the padding.
        const auto* const known = find<Tensor>(input);
        from = known != nullptr ? *known : tensor(input);
        unpacked.add_padding(std::exchange(from.padding, {}));
        if (from.axes != 4 || from.channel_axis != 1) {
            refuse("is a convolution of a tensor whose channels are not the first axis");
        }
        if (channels(from) != unpacked.inputs()) {
            refuse("expects a different number of channels than its input has");
        }
    }
    define_convolution(node, from, std::move(unpacked));
}

void Walk::lower(graph::Value node, const graph::Linear& linear) {
    lower_product(node, read(linear));
}

void Walk::lower(graph::Value node, const graph::MatrixProduct&) {
    const auto* const matrix = find<Constant>(this->node(node).inputs[1]);
    if (matrix == nullptr || (*matrix)->shape.size() != 2) {
        refuse("is a matrix product whose second factor is not constant");
    }
    lower_product(node, read_matrix(**matrix));
}

void Walk::lower_product(graph::Value node, UnpackedConvolution product) {
    const auto& from = tensor(this->node(node).inputs[0]);
    if (!from.is_single_pixel || from.channel_axis + 1 != from.axes) {
        refuse("is a matrix product of more than one pixel");
    }
    if (channels(from) != product.inputs()) {
        refuse("expects a different number of channels than its input has");
    }
    define_convolution(node, Tensor(from), std::move(product));
}

void Walk::lower(graph::Value node, const graph::BatchNorm& norm) {
    const auto from = tensor(this->node(node).inputs[0]);
    if (from.channel_axis != 1) {
        refuse("is a BatchNorm of channels that are not on the second axis");
    }
    auto factors = channel_factors(std::vector<float>(channels(from), 1.0F));
    factors.fold(norm);
    define_convolution(node, from, std::move(factors));
}

void Walk::define_convolution(graph::Value node, const Tensor& from,
                              UnpackedConvolution convolution) {
    convolution.check_sizes();
    Tensor result = from;
    result.is_single_pixel = from.is_single_pixel && convolution.geometry.taps() == 1 &&
                             convolution.geometry.pad_top + convolution.geometry.pad_bottom +
                                     convolution.geometry.pad_left +
                                     convolution.geometry.pad_right ==
                                 0;
    auto value = fold_followers(node, result, convolution);
    value = follow_activation(value, convolution.activation);
    std::vector<PlanValue> inputs{from.value};
    if (const auto residual = follow_residual(value, result, convolution.outputs())) {
        inputs.push_back(*residual);
    }
    const auto precision = precision_of(from, convolution, value);
    define(value, result, nullptr, std::move(inputs), convolution.outputs());
    walked_.convolutions.push_back({.step = plan_.steps().size() - 1,
                                    .convolution = std::move(convolution),
                                    .precision = precision});
}

Walk::Tensor Walk::add_input(const InputView& input, UnpackedConvolution& convolution) {
    if (input.rows_from || input.columns_from) {
        refuse("takes only every second pixel of the network's input");
    }
    convolution.add_padding(input.padding);
    if (!input.cells.empty()) {
        expand_cells(convolution, input.cells);
    }
    executor::InputLayout layout{.channels = convolution.inputs(), .arithmetic = input.arithmetic};
    const auto& geometry = convolution.geometry;
    if (!convolution.is_depthwise && !geometry.is_dilated() &&
        convolution.inputs() * geometry.kernel_width <= most_merged_channels) {
        convolution.check_sizes();
        layout.merged = merge_columns(convolution);
    }
    if (!input_) {
        input_ = TakenInput{.layout = layout,
                            .channels_first = input.channels_first,
                            .value = plan_.add_input(layout)};
    } else if (!(input_->layout == layout) || input_->channels_first != input.channels_first) {
        refuse("uses the network's input differently from an earlier convolution");
    }
    return {.value = input_->value};
}

Precision Walk::precision_of(const Tensor& from, const UnpackedConvolution& convolution,
                             graph::Value result) const {
    const auto& users = uses_.users(result);
    // Results reach the output of the network only through these operations.
    const bool gives_results = std::all_of(users.begin(), users.end(), [&](graph::Value user) {
        return operation<graph::YoloBoxes>(user) != nullptr ||
               operation<graph::DistanceBoxes>(user) != nullptr ||
               operation<graph::Reshape>(user) != nullptr ||
               operation<graph::Permute>(user) != nullptr ||
               operation<graph::Slice>(user) != nullptr;
    });
    const bool is_of_single_pixel = from.is_single_pixel && convolution.geometry.taps() == 1;
    // The range of the input is known only with those of all other feature maps.
    const bool is_at_border =
        gives_results || (from.value == input_->value && options_.ranges == nullptr);
    const bool stays_float32 =
        is_of_single_pixel || (is_at_border && options_.precision == Precision::int8);
    return stays_float32 ? Precision::float32 : options_.precision;
}

graph::Value Walk::fold_followers(graph::Value value, const Tensor& result,
                                  UnpackedConvolution& convolution) {
    while (uses_.has_one_user(value)) {
        const auto user = uses_.users(value).front();
        if (const auto* const norm = operation<graph::BatchNorm>(user);
            norm != nullptr && result.channel_axis == 1) {
            convolution.fold(*norm);
        } else if (!fold_arithmetic(user, value, result, convolution)) {
            break;
        }
        fused_[user] = true;
        value = user;
    }
    return value;
}

bool Walk::fold_arithmetic(graph::Value node, graph::Value value, const Tensor& result,
                           UnpackedConvolution& convolution) {
    using Kind = graph::Arithmetic::Kind;
    const auto* const arithmetic = operation<graph::Arithmetic>(node);
    if (arithmetic == nullptr) {
        return false;
    }
    const bool is_first = this->node(node).inputs[0] == value;
    const bool commutes = arithmetic->kind == Kind::add || arithmetic->kind == Kind::multiply;
    const auto* const constant = find<Constant>(other_input(node, value));
    if (constant == nullptr || !(is_first || commutes)) {
        return false;
    }
    const auto operands = per_channel(**constant, result, convolution.outputs());
    if (!operands) {
        return false;
    }
    convolution.fold(arithmetic->kind, *operands);
    return true;
}

std::optional<std::vector<float>> Walk::per_channel(const TensorView& constant,
                                                    const Tensor& result,
                                                    std::size_t channels) const {
    const auto& shape = constant.shape;
    if (shape.size() > result.axes) {
        return std::nullopt;
    }
    // Broadcasting aligns the last axes.
    const std::size_t missing = result.axes - shape.size();
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        const bool is_channels = axis + missing == result.channel_axis &&
                                 shape[axis] == static_cast<std::int64_t>(channels);
        if (shape[axis] != 1 && !is_channels) {
            return std::nullopt;
        }
    }
    auto numbers = floats_of(constant);
    return numbers.size() == 1 ? std::vector<float>(channels, numbers.front()) : numbers;
}

graph::Value Walk::follow_activation(graph::Value value, executor::Activation& activation) {
    if (uses_.has_one_user(value)) {
        const auto user = uses_.users(value).front();
        const auto* const found = operation<graph::Activation>(user);
        const auto kind = found != nullptr ? executor_activation(*found) : std::nullopt;
        if (kind) {
            activation = *kind;
            fused_[user] = true;
            return user;
        }
        return value;
    }
    if (uses_.users(value).size() == 2 && !uses_.is_output(value)) {
        for (const auto sigmoid : uses_.users(value)) {
            if (const auto product = silu_product(value, sigmoid)) {
                activation = executor::Activation::silu;
                fused_[sigmoid] = true;
                fused_[*product] = true;
                return *product;
            }
        }
    }
    return value;
}

std::optional<Walk::PlanValue> Walk::follow_residual(graph::Value& value, const Tensor& result,
                                                     std::size_t channels) {
    if (!uses_.has_one_user(value)) {
        return std::nullopt;
    }
    const auto sum = uses_.users(value).front();
    const auto* const arithmetic = operation<graph::Arithmetic>(sum);
    if (arithmetic == nullptr || arithmetic->kind != graph::Arithmetic::Kind::add) {
        return std::nullopt;
    }
    const auto* const residual = find<Tensor>(other_input(sum, value));
    if (residual == nullptr || residual->is_padded() || !residual->has_axes_of(result) ||
        this->channels(*residual) != channels) {
        return std::nullopt;
    }
    fused_[sum] = true;
    value = sum;
    return residual->value;
}

}  // namespace speciesnet::lowering
