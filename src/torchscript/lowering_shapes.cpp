// Padding, and the same numbers in another shape.
#include "torchscript/graph_lowering.hpp"
#include "torchscript/graph_values.hpp"

namespace speciesnet {

using torch::jit::Node;

namespace {

/// squeeze or unsqueeze of an axis behind the channels.
bool is_axis_of_picture(const Node* node, std::string_view name, std::size_t dimensions) {
    if ((name != "squeeze" && name != "unsqueeze") || node->inputs().size() != 2) {
        return false;
    }
    const auto axis = constant_integer(node->input(1));
    const auto axes = static_cast<std::int64_t>(name == "squeeze" ? dimensions : dimensions + 1);
    return axis && axes <= 4 && (*axis < 0 ? *axis + axes : *axis) >= 2;
}

/// tensor[:], which exporters leave behind.
bool is_whole_slice(const Node* node, std::string_view name) {
    constexpr std::int64_t beyond_any_size = std::int64_t{1} << 31U;
    return name == "slice" && node->inputs().size() == 5 && constant_integer(node->input(2)) == 0 &&
           constant_integer(node->input(3)).value_or(0) >= beyond_any_size &&
           constant_integer(node->input(4)) == 1;
}

}  // namespace

std::optional<std::vector<std::size_t>> zero_padding(const Node* node) {
    if (operation_of(node) != "constant_pad_nd" || constant_number(node->input(2)) != 0.0) {
        return std::nullopt;
    }
    const auto integers = constant_integers(node->input(1));
    if (!integers || integers->size() != 4) {
        return std::nullopt;
    }
    std::vector<std::size_t> padding;
    for (const auto integer : *integers) {
        if (!constant_size(integer)) {
            return std::nullopt;
        }
        padding.push_back(*constant_size(integer));
    }
    return padding;
}

bool GraphLowering::lower_shape(Node* node, std::string_view name) {
    const Tensor* const from = node->inputs().empty() ? nullptr : find(node->input(0));
    if (from == nullptr || from->is_padded()) {
        return false;
    }
    Tensor result = *from;
    if (const auto padding = zero_padding(node)) {
        if (from->dimensions != 4) {
            return false;
        }
        result.padding = *padding;
    } else if (from->is_single_pixel && is_axis_of_picture(node, name, from->dimensions)) {
        result.dimensions = name == "squeeze" ? from->dimensions - 1 : from->dimensions + 1;
    } else if ((name == "reshape" || name == "view") && from->is_single_pixel) {
        const auto channels = static_cast<std::int64_t>(network_.plan.value(from->value).channels);
        if (constant_integers(node->input(1)) != std::vector<std::int64_t>{-1, channels, 1, 1}) {
            return false;
        }
        result.dimensions = 4;
    } else if (!is_whole_slice(node, name)) {
        return false;
    }
    tensors_[node->output()] = result;
    return true;
}

}  // namespace speciesnet
