// SPDX-License-Identifier: Apache-2.0
// Lowers operations on feature maps: activations, sums, products, concatenation, pools, boxes.
#include "executor/attention.hpp"
#include "executor/distance_boxes.hpp"
#include "executor/grid_boxes.hpp"
#include "executor/pixelwise.hpp"
#include "executor/pooling.hpp"
#include "executor/record_reader.hpp"
#include "lowering/refusal.hpp"
#include "lowering/walk.hpp"
#include "lowering/weights.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

namespace speciesnet::lowering {
namespace {

using Kind = graph::Arithmetic::Kind;

std::size_t upsample_factor(double factor) {
    constexpr double most = 64;
    if (!(factor >= 1 && factor <= most) || factor != std::floor(factor)) {
        refuse("enlarges feature maps by a factor that is not a small integer");
    }
    return static_cast<std::size_t>(factor);
}

/// Returns an operation for an activation that convolutions cannot fuse.
std::unique_ptr<executor::Operation> unfused_activation(const graph::Activation& activation) {
    if (activation.kind == graph::Activation::Kind::hardswish) {
        return std::make_unique<executor::Hardswish>();
    }
    return std::make_unique<executor::LeakyRelu>(static_cast<float>(activation.negative_slope));
}

}  // namespace

std::optional<executor::Activation> executor_activation(const graph::Activation& activation) {
    using Kind = graph::Activation::Kind;
    switch (activation.kind) {
        case Kind::relu:
            return executor::Activation::relu;
        case Kind::sigmoid:
            return executor::Activation::sigmoid;
        case Kind::silu:
            return executor::Activation::silu;
        case Kind::hardswish:
        case Kind::leaky_relu:
            break;
    }
    return std::nullopt;
}

std::optional<graph::Value> Walk::silu_product(graph::Value value, graph::Value sigmoid) const {
    const auto* const activation = operation<graph::Activation>(sigmoid);
    if (activation == nullptr || activation->kind != graph::Activation::Kind::sigmoid ||
        !uses_.has_one_user(sigmoid)) {
        return std::nullopt;
    }
    const auto product = uses_.users(sigmoid).front();
    const auto* const arithmetic = operation<graph::Arithmetic>(product);
    const bool is_product = arithmetic != nullptr && arithmetic->kind == Kind::multiply &&
                            other_input(product, sigmoid) == value;
    return is_product ? std::optional(product) : std::nullopt;
}

void Walk::lower(graph::Value node, const graph::Activation& activation) {
    const auto input = this->node(node).inputs[0];
    const auto from = tensor(input);
    auto kind = executor_activation(activation);
    if (!kind) {
        define(node, from, unfused_activation(activation), {from.value}, channels(from));
        return;
    }
    auto result = node;
    if (const auto product = silu_product(input, node)) {
        kind = executor::Activation::silu;
        fused_[*product] = true;
        result = *product;
    }
    define(result, from, std::make_unique<executor::Pixelwise>(*kind), {from.value},
           channels(from));
}

void Walk::lower(graph::Value node, const graph::Arithmetic& arithmetic) {
    const auto& inputs = this->node(node).inputs;
    const auto* const first = find<Constant>(inputs[0]);
    const auto* const second = find<Constant>(inputs[1]);
    if (first != nullptr && second != nullptr) {
        refuse("computes with constants only");
    }
    if (first == nullptr && second == nullptr) {
        lower_of_two(node, arithmetic.kind);
        return;
    }
    const auto& constant = first != nullptr ? **first : **second;
    const auto input = inputs[first != nullptr ? 1 : 0];
    const bool is_reversed = first != nullptr;
    if (is_reversed && arithmetic.kind == Kind::divide) {
        refuse("divides a constant, which the executor does not support");
    }
    if (find<InputView>(input) != nullptr) {
        compute_input(node, input, arithmetic.kind, is_reversed, constant);
    } else {
        compute_channels(node, tensor(input), arithmetic.kind, is_reversed, constant);
    }
}

void Walk::compute_input(graph::Value node, graph::Value input, Kind kind, bool is_reversed,
                         const TensorView& constant) {
    using Step = executor::ScalarArithmetic;
    InputView view = *find<InputView>(input);
    if (checked_count(constant) != 1 || constant.shape.size() > 4) {
        refuse("computes with the network's input and a value that is not a scalar");
    }
    if (view.padding != Padding{}) {
        refuse("computes with padding around the network's input");
    }
    const float operand = floats_of(constant).front();
    auto& steps = view.arithmetic;
    switch (kind) {
        case Kind::add:
            steps.push_back({Step::Kind::add, operand});
            break;
        case Kind::subtract:
            // Both give the same bits.
            if (is_reversed) {
                steps.push_back({Step::Kind::multiply, -1});
            }
            steps.push_back({Step::Kind::add, is_reversed ? operand : -operand});
            break;
        case Kind::multiply:
            steps.push_back({Step::Kind::multiply, operand});
            break;
        case Kind::divide:
            steps.push_back({Step::Kind::divide, operand});
            break;
    }
    if (steps.size() > executor::most_input_arithmetic) {
        refuse("is one of too many operations on the network's input");
    }
    known_[node] = std::move(view);
}

void Walk::compute_channels(graph::Value node, const Tensor& from, Kind kind, bool is_reversed,
                            const TensorView& constant) {
    const auto operands = per_channel(constant, from, channels(from));
    if (!operands) {
        refuse("computes with a constant that is neither a scalar nor one value per channel");
    }
    auto factors = channel_factors(
        std::vector<float>(channels(from), is_reversed && kind == Kind::subtract ? -1.0F : 1.0F));
    factors.fold(is_reversed && kind == Kind::subtract ? Kind::add : kind, *operands);
    define_convolution(node, Tensor(from), std::move(factors));
}

void Walk::lower_of_two(graph::Value node, Kind kind) {
    const auto& inputs = this->node(node).inputs;
    auto first = tensor(inputs[0]);
    auto second = tensor(inputs[1]);
    if (first.is_single_pixel && !second.is_single_pixel) {
        std::swap(first, second);
    }
    if ((kind != Kind::add && kind != Kind::multiply) || first.axes != second.axes ||
        first.channel_axis != second.channel_axis || channels(first) != channels(second)) {
        refuse("is arithmetic of two tensors that the executor does not support");
    }
    std::unique_ptr<executor::Operation> operation;
    if (first.is_single_pixel == second.is_single_pixel && kind == Kind::add) {
        operation = std::make_unique<executor::Pixelwise>(executor::Activation::none);
    } else if (!second.is_single_pixel) {
        refuse(
            "multiplies two feature maps element by element, which the executor does not support");
    } else if (kind == Kind::add) {
        operation = std::make_unique<executor::ChannelShift>();
    } else {
        operation = std::make_unique<executor::ChannelScale>();
    }
    define(node, first, std::move(operation), {first.value, second.value}, channels(first));
}

void Walk::lower(graph::Value node, const graph::Concatenation& concatenation) {
    const auto& inputs = this->node(node).inputs;
    if (find<InputView>(inputs.front()) != nullptr) {
        concatenate_slices(node, concatenation);
        return;
    }
    const auto first = tensor(inputs.front());
    const auto axes = static_cast<std::int64_t>(first.axes);
    const auto axis = concatenation.axis + (concatenation.axis < 0 ? axes : 0);
    if (axis != static_cast<std::int64_t>(first.channel_axis)) {
        refuse("concatenates along an axis other than channels");
    }
    std::vector<PlanValue> parts;
    std::size_t total = 0;
    for (const auto input : inputs) {
        const auto& part = tensor(input);
        total += channels(part);
        if (!part.has_axes_of(first) || total > executor::most_channels) {
            refuse("concatenates tensors of different axes, or of too many channels");
        }
        parts.push_back(part.value);
    }
    Tensor result = first;
    result.value = plan_.concatenate(parts);
    known_[node] = result;
}

// Lowers space-to-depth as in YOLOv5's Focus.
void Walk::concatenate_slices(graph::Value node, const graph::Concatenation& concatenation) {
    std::optional<InputView> whole;
    for (const auto input : this->node(node).inputs) {
        const auto* const view = find<InputView>(input);
        if (view == nullptr || !view->rows_from || !view->columns_from) {
            refuse("concatenates the network's input with another value");
        }
        InputView slice = *view;
        const Cell cell{.row = *std::exchange(slice.rows_from, std::nullopt),
                        .column = *std::exchange(slice.columns_from, std::nullopt)};
        if (!whole) {
            whole = slice;
        } else if (slice.arithmetic != whole->arithmetic ||
                   std::find(whole->cells.begin(), whole->cells.end(), cell) !=
                       whole->cells.end()) {
            refuse("concatenates slices of the network's input that the executor does not support");
        }
        whole->cells.push_back(cell);
    }
    constexpr std::size_t cells_of_square = 4;
    if (concatenation.axis != 1 || whole->cells.size() != cells_of_square) {
        refuse("concatenates slices of the network's input that the executor does not support");
    }
    known_[node] = std::move(*whole);
}

void Walk::lower(graph::Value node, const graph::MaximumPool& pool) {
    if (pool.rounds_up || pool.dilation != graph::Pair{}) {
        refuse(
            "is a pool that rounds sizes up, or has dilation, which the executor does not support");
    }
    define_pool<executor::MaximumPool>(node, pool);
}

void Walk::lower(graph::Value node, const graph::AveragePool& pool) {
    define_pool<executor::AveragePool>(node, pool);
}

template <typename Operation, typename Pool>
void Walk::define_pool(graph::Value node, const Pool& pool) {
    const auto from = tensor(this->node(node).inputs[0]);
    if (from.axes != 4 || from.channel_axis != 1) {
        refuse("is a pool over axes other than rows and columns");
    }
    const auto pad_rows = checked_geometry(pool.padding.rows, 0);
    const auto pad_columns = checked_geometry(pool.padding.columns, 0);
    const executor::ConvolutionGeometry geometry{
        .kernel_height = checked_geometry(pool.kernel.rows, 1),
        .kernel_width = checked_geometry(pool.kernel.columns, 1),
        .stride_height = checked_geometry(pool.stride.rows, 1),
        .stride_width = checked_geometry(pool.stride.columns, 1),
        .pad_top = pad_rows,
        .pad_left = pad_columns,
        .pad_bottom = pad_rows,
        .pad_right = pad_columns};
    Tensor like = from;
    like.is_single_pixel = false;
    define(node, like, std::make_unique<Operation>(geometry), {from.value}, channels(from));
}

void Walk::lower(graph::Value node, const graph::NearestUpsample& upsample) {
    const auto from = tensor(this->node(node).inputs[0]);
    if (from.axes != 4 || from.channel_axis != 1) {
        refuse("enlarges an axis other than rows and columns");
    }
    Tensor like = from;
    like.is_single_pixel = false;
    define(node, like,
           std::make_unique<executor::NearestUpsample>(upsample_factor(upsample.row_factor),
                                                       upsample_factor(upsample.column_factor)),
           {from.value}, channels(from));
}

void Walk::lower(graph::Value node, const graph::Mean& mean) {
    const auto from = tensor(this->node(node).inputs[0]);
    std::set<std::size_t> axes;
    for (const auto axis : mean.axes) {
        axes.insert(checked_axis(axis, from.axes));
    }
    if (from.axes != 4 || axes.size() != 2 || axes.contains(0) ||
        axes.contains(from.channel_axis)) {
        refuse("is a mean over axes other than all rows and columns");
    }
    Tensor like = from;
    like.is_single_pixel = true;
    if (!mean.keeps_axes) {
        like.axes = 2;
        like.channel_axis = 1;
    }
    define(node, like, std::make_unique<executor::GlobalMean>(), {from.value}, channels(from));
}

void Walk::lower(graph::Value node, const graph::YoloBoxes& boxes) {
    using executor::GridBoxes;
    const auto box_channels = static_cast<std::size_t>(boxes.box_channels);
    if (boxes.grids.empty() || boxes.grids.size() > GridBoxes::most_grids ||
        boxes.box_channels < static_cast<std::int64_t>(GridBoxes::least_channels) ||
        box_channels > executor::most_channels) {
        refuse("decodes boxes of a number of grids or classes that is out of range");
    }
    std::vector<GridBoxes::Grid> grids;
    std::vector<PlanValue> values;
    for (std::size_t i = 0; i < boxes.grids.size(); ++i) {
        const auto& from = tensor(this->node(node).inputs[i]);
        const auto& grid = boxes.grids[i];
        const auto anchors = grid.anchors.size();
        if (from.axes != 4 || from.channel_axis != 1 || anchors == 0 ||
            anchors > GridBoxes::most_anchors || channels(from) != anchors * box_channels) {
            refuse("decodes boxes of a grid whose channels do not match its anchors");
        }
        GridBoxes::Grid lowered{.stride = grid.stride, .anchors = {}};
        for (const auto& anchor : grid.anchors) {
            lowered.anchors.push_back({.width = anchor.width, .height = anchor.height});
        }
        grids.push_back(std::move(lowered));
        values.push_back(from.value);
    }
    const Tensor result{.axes = 3, .channel_axis = 2};
    define(node, result, std::make_unique<GridBoxes>(std::move(grids), box_channels),
           std::move(values), box_channels);
}

void Walk::lower(graph::Value node, const graph::Attention& attention) {
    const auto from = tensor(this->node(node).inputs[0]);
    const auto most = static_cast<std::int64_t>(executor::most_channels);
    const auto is_within = [&](std::int64_t size) { return size >= 1 && size <= most; };
    if (from.axes != 4 || from.channel_axis != 1 || !is_within(attention.heads) ||
        !is_within(attention.key_channels) || !is_within(attention.value_channels) ||
        static_cast<std::int64_t>(channels(from)) !=
            attention.heads * (2 * attention.key_channels + attention.value_channels)) {
        refuse("is an attention whose heads do not match its channels");
    }
    const executor::Attention::Heads heads{
        .count = static_cast<std::size_t>(attention.heads),
        .key_channels = static_cast<std::size_t>(attention.key_channels),
        .value_channels = static_cast<std::size_t>(attention.value_channels)};
    define(node, from,
           std::make_unique<executor::Attention>(heads, static_cast<float>(attention.scale)),
           {from.value}, heads.count * heads.value_channels);
}

void Walk::lower(graph::Value node, const graph::DistanceBoxes& boxes) {
    using executor::DistanceBoxes;
    const auto most = static_cast<std::int64_t>(executor::most_channels);
    if (boxes.strides.empty() || boxes.strides.size() > DistanceBoxes::most_grids ||
        boxes.bins.empty() || boxes.bins.size() > DistanceBoxes::most_bins || boxes.classes < 1 ||
        boxes.classes > most - 5) {
        refuse("decodes boxes of a number of grids, bins or classes that is out of range");
    }
    const auto classes = static_cast<std::size_t>(boxes.classes);
    std::vector<PlanValue> values;
    for (const auto input : this->node(node).inputs) {
        const auto& from = tensor(input);
        const auto expected = values.size() % 2 == 0 ? 4 * boxes.bins.size() : classes;
        if (from.axes != 4 || from.channel_axis != 1 || channels(from) != expected) {
            refuse("decodes boxes of a grid whose channels do not match its bins and classes");
        }
        values.push_back(from.value);
    }
    const Tensor result{.axes = 3, .channel_axis = 2};
    auto operation = std::make_unique<DistanceBoxes>(boxes.strides, boxes.bins, classes);
    const auto box_channels = operation->channels();
    define(node, result, std::move(operation), std::move(values), box_channels);
}

}  // namespace speciesnet::lowering
