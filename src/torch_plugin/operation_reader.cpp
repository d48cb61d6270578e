// SPDX-License-Identifier: Apache-2.0
// Arguments follow ATen's native_functions.yaml, in the order of its schemas.
#include "torch_plugin/operation_reader.hpp"

#include "torch_plugin/jit_values.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <ATen/ATen.h>

namespace speciesnet {
namespace {

using torch::jit::Node;
using torch::jit::Value;

/// A slice that ends there or later has no end.
constexpr std::int64_t beyond_any_size = std::int64_t{1} << 31U;

/// Returns a view of a constant in LibTorch's memory.
TensorView view_of(const at::Tensor& constant) {
    const auto tensor = std::make_shared<const at::Tensor>(constant.contiguous());
    return {.type = ElementType::float32,
            .shape = tensor->sizes().vec(),
            .strides = tensor->strides().vec(),
            .bytes = {static_cast<const char*>(tensor->data_ptr()),
                      static_cast<std::size_t>(tensor->numel()) * sizeof(float)},
            .owner = tensor};
}

graph::Weight weight(const Value* value, const at::Tensor& constant) {
    constexpr std::string_view module = "self.";
    std::string name = value->debugName();
    if (name.starts_with(module)) {
        name.erase(0, module.size());
    } else {
        name.insert(0, "constant_");
    }
    return {.name = std::move(name), .tensor = view_of(constant)};
}

/// Reads a required weight.
std::optional<graph::Weight> weight(const Value* value) {
    const auto tensor = constant_tensor(value);
    return tensor && tensor->numel() > 0 ? std::optional(weight(value, *tensor)) : std::nullopt;
}

/// Reads a weight, or nothing for None.
/// @return false if the value is something else
bool read_optional(const Value* value, std::optional<graph::Weight>& result) {
    result = weight(value);
    return result || is_none(value);
}

std::optional<graph::Pair> pair(const Value* value) {
    const auto integers = constant_integers(value);
    return integers && integers->size() == 2
               ? std::optional(graph::Pair{.rows = (*integers)[0], .columns = (*integers)[1]})
               : std::nullopt;
}

/// Reads the strides of a pool. An empty list means the size of the kernel.
std::optional<graph::Pair> pool_stride(const Value* value, const graph::Pair& kernel) {
    return constant_integers(value) == std::vector<std::int64_t>{} ? kernel : pair(value);
}

/// Converts an axis to a non-negative index.
std::optional<std::int64_t> axis(std::optional<std::int64_t> index, std::int64_t axes) {
    if (index && *index < 0) {
        *index += axes;
    }
    return index && *index >= 0 && *index < axes ? index : std::nullopt;
}

std::optional<graph::Arithmetic::Kind> arithmetic_of(std::string_view name) {
    using Kind = graph::Arithmetic::Kind;
    constexpr std::array<std::pair<std::string_view, Kind>, 4> kinds{{{"add", Kind::add},
                                                                      {"sub", Kind::subtract},
                                                                      {"mul", Kind::multiply},
                                                                      {"div", Kind::divide}}};
    for (const auto& [known, kind] : kinds) {
        if (known == name) {
            return kind;
        }
    }
    return std::nullopt;
}

/// Returns whether the result of a node equals its input.
bool is_identity(const Node* node, std::string_view name) {
    constexpr std::int64_t float32 = 6;
    return name == "contiguous" || name == "detach" || name == "clone" ||
           (name == "dropout" && constant_boolean(node->input(2)) == false) ||
           (name == "to" && node->inputs().size() == 5 &&
            constant_integer(node->input(1)) == float32);
}

}  // namespace

OperationReader::OperationReader(const Value* input) {
    constexpr std::int64_t image_axes = 4;
    tensors_[input] = {.value = graph::Graph::input, .axes = image_axes};
}

graph::Graph OperationReader::finish(const std::vector<const Value*>& ends,
                                     const graph::YoloBoxes* boxes) && {
    if (boxes == nullptr) {
        graph_.set_output(tensors_.at(ends.front()).value);
        return std::move(graph_);
    }
    std::vector<graph::Value> grids;
    for (const Value* const end : ends) {
        grids.push_back(tensors_.at(end).value);
    }
    graph_.set_output(graph_.add(*boxes, std::move(grids)));
    return std::move(graph_);
}

bool OperationReader::read(const Node* node) {
    const auto result = result_of(node);
    if (result) {
        tensors_[node->output()] = *result;
    }
    return result.has_value();
}

OperationReader::Tensor OperationReader::add(graph::Operation operation,
                                             const std::vector<Tensor>& inputs, std::int64_t axes) {
    std::vector<graph::Value> values;
    for (const auto& input : inputs) {
        values.push_back(input.value);
    }
    return {.value = graph_.add(std::move(operation), std::move(values)), .axes = axes};
}

OperationReader::Result OperationReader::operand(const Value* value) {
    if (const auto found = tensors_.find(value); found != tensors_.end()) {
        return found->second;
    }
    auto constant = constant_tensor(value);
    if (!constant) {
        if (const auto number = constant_number(value)) {
            constant = at::scalar_tensor(*number, at::kFloat);
        }
    }
    if (!constant || constant->numel() == 0) {
        return std::nullopt;
    }
    const auto tensor =
        add(graph::Constant{.value = weight(value, *constant)}, {}, constant->dim());
    tensors_[value] = tensor;
    return tensor;
}

OperationReader::Result OperationReader::result_of(const Node* node) {
    const auto name = operation_of(node);
    if (name.empty() || node->inputs().empty()) {
        return std::nullopt;
    }
    if (name == "cat") {
        return concatenation(node);
    }
    if (const auto kind = arithmetic_of(name)) {
        return arithmetic(node, *kind);
    }
    if (name == "rsub") {
        return arithmetic(node, graph::Arithmetic::Kind::subtract);
    }
    if (name == "matmul") {
        return matrix_product(node);
    }
    const auto found = tensors_.find(node->input(0));
    if (found == tensors_.end()) {
        return std::nullopt;
    }
    const Tensor from = found->second;
    if (is_identity(node, name)) {
        return from;
    }
    if (is_convolution(node)) {
        return convolution(node, from);
    }
    if (name == "batch_norm") {
        return batch_norm(node, from);
    }
    if (name == "linear") {
        return linear(node, from);
    }
    if (name == "max_pool2d") {
        return maximum_pool(node, from);
    }
    if (name == "avg_pool2d") {
        return average_pool(node, from);
    }
    if (name == "upsample_nearest2d") {
        return upsample(node, from);
    }
    if (name == "constant_pad_nd") {
        return pad(node, from);
    }
    if (name == "mean" || name == "adaptive_avg_pool2d") {
        return mean(node, name, from);
    }
    if (auto result = activation(node, name, from)) {
        return result;
    }
    return reshaped(node, name, from);
}

OperationReader::Result OperationReader::reshaped(const Node* node, std::string_view name,
                                                  const Tensor& from) {
    if (name == "permute") {
        return permute(node, from);
    }
    if (name == "transpose") {
        return transpose(node, from);
    }
    if (name == "view" || name == "reshape") {
        return reshape(node, from);
    }
    if (name == "flatten") {
        return flatten(node, from);
    }
    if (name == "slice") {
        return slice(node, from);
    }
    if (name == "squeeze" && node->inputs().size() == 2) {
        const auto at = axis(constant_integer(node->input(1)), from.axes);
        return at ? Result(add(graph::Squeeze{.axis = *at}, {from}, from.axes - 1)) : std::nullopt;
    }
    if (name == "unsqueeze") {
        const auto at = axis(constant_integer(node->input(1)), from.axes + 1);
        return at ? Result(add(graph::Unsqueeze{.axis = *at}, {from}, from.axes + 1))
                  : std::nullopt;
    }
    return std::nullopt;
}

// conv2d: input, weight, bias, stride, padding, dilation, groups
// _convolution: input, weight, bias, stride, padding, dilation, transposed, output padding, groups,
// …
OperationReader::Result OperationReader::convolution(const Node* node, const Tensor& from) {
    const bool is_general = operation_of(node) == "_convolution";
    if (node->inputs().size() < (is_general ? 9U : 7U) ||
        (is_general && constant_boolean(node->input(6)) != false)) {
        return std::nullopt;
    }
    auto weights = weight(node->input(1));
    const auto stride = pair(node->input(3));
    const auto padding = pair(node->input(4));
    const auto dilation = pair(node->input(5));
    const auto groups = constant_integer(node->input(is_general ? 8 : 6));
    graph::Convolution convolution;
    if (!weights || weights->tensor.shape.size() != 4 || from.axes != 4 || !stride || !padding ||
        !dilation || !groups || !read_optional(node->input(2), convolution.bias)) {
        return std::nullopt;
    }
    convolution.weights = std::move(*weights);
    convolution.stride = *stride;
    convolution.padding = *padding;
    convolution.dilation = *dilation;
    convolution.groups = *groups;
    return add(std::move(convolution), {from}, from.axes);
}

// input, weight, bias, running mean, running variance, training, momentum, epsilon, …
OperationReader::Result OperationReader::batch_norm(const Node* node, const Tensor& from) {
    auto mean = weight(node->input(3));
    auto variance = weight(node->input(4));
    const auto epsilon = constant_number(node->input(7));
    graph::BatchNorm norm;
    if (!mean || !variance || constant_boolean(node->input(5)) != false || !epsilon ||
        !read_optional(node->input(1), norm.scale) || !read_optional(node->input(2), norm.shift)) {
        return std::nullopt;
    }
    norm.mean = std::move(*mean);
    norm.variance = std::move(*variance);
    norm.epsilon = *epsilon;
    return add(std::move(norm), {from}, from.axes);
}

// input, weight, bias
OperationReader::Result OperationReader::linear(const Node* node, const Tensor& from) {
    auto weights = weight(node->input(1));
    graph::Linear linear;
    if (!weights || weights->tensor.shape.size() != 2 ||
        !read_optional(node->input(2), linear.bias)) {
        return std::nullopt;
    }
    linear.weights = std::move(*weights);
    return add(std::move(linear), {from}, from.axes);
}

OperationReader::Result OperationReader::matrix_product(const Node* node) {
    const auto first = operand(node->input(0));
    const auto second = operand(node->input(1));
    return first && second ? Result(add(graph::MatrixProduct{}, {*first, *second},
                                        std::max(first->axes, second->axes)))
                           : std::nullopt;
}

// add, sub, rsub: input, other, alpha; mul, div: input, other
OperationReader::Result OperationReader::arithmetic(const Node* node,
                                                    graph::Arithmetic::Kind kind) {
    using Kind = graph::Arithmetic::Kind;
    const bool has_factor = kind == Kind::add || kind == Kind::subtract;
    if (node->inputs().size() != (has_factor ? 3U : 2U) ||
        (has_factor && constant_number(node->input(2)) != 1.0)) {
        return std::nullopt;
    }
    auto first = operand(node->input(0));
    auto second = operand(node->input(1));
    if (!first || !second) {
        return std::nullopt;
    }
    if (operation_of(node) == "rsub") {
        std::swap(first, second);
    }
    return add(graph::Arithmetic{.kind = kind}, {*first, *second},
               std::max(first->axes, second->axes));
}

OperationReader::Result OperationReader::activation(const Node* node, std::string_view name,
                                                    const Tensor& from) {
    using Kind = graph::Activation::Kind;
    constexpr std::array<std::pair<std::string_view, Kind>, 4> kinds{
        {{"relu", Kind::relu},
         {"sigmoid", Kind::sigmoid},
         {"silu", Kind::silu},
         {"hardswish", Kind::hardswish}}};
    for (const auto& [known, kind] : kinds) {
        if (name == known) {
            return add(graph::Activation{.kind = kind}, {from}, from.axes);
        }
    }
    const auto slope = name == "leaky_relu" ? constant_number(node->input(1)) : std::nullopt;
    return slope ? Result(add(graph::Activation{.kind = Kind::leaky_relu, .negative_slope = *slope},
                              {from}, from.axes))
                 : std::nullopt;
}

// tensors, axis
OperationReader::Result OperationReader::concatenation(const Node* node) {
    const Node* const list = node->input(0)->node();
    if (list->kind() != c10::prim::ListConstruct || list->inputs().empty()) {
        return std::nullopt;
    }
    std::vector<Tensor> parts;
    for (const Value* const part : list->inputs()) {
        const auto tensor = operand(part);
        if (!tensor) {
            return std::nullopt;
        }
        parts.push_back(*tensor);
    }
    const auto axes = parts.front().axes;
    const auto at = axis(constant_integer(node->input(1)), axes);
    return at ? Result(add(graph::Concatenation{.axis = *at}, parts, axes)) : std::nullopt;
}

// input, kernel, stride, padding, dilation, rounds up
OperationReader::Result OperationReader::maximum_pool(const Node* node, const Tensor& from) {
    const auto kernel = pair(node->input(1));
    const auto stride = kernel ? pool_stride(node->input(2), *kernel) : std::nullopt;
    const auto padding = pair(node->input(3));
    const auto dilation = pair(node->input(4));
    const auto rounds_up = constant_boolean(node->input(5));
    if (from.axes != 4 || !stride || !padding || !dilation || !rounds_up) {
        return std::nullopt;
    }
    return add(graph::MaximumPool{.kernel = *kernel,
                                  .stride = *stride,
                                  .padding = *padding,
                                  .dilation = *dilation,
                                  .rounds_up = *rounds_up},
               {from}, from.axes);
}

// input, kernel, stride, padding, rounds up, counts padding, divisor
OperationReader::Result OperationReader::average_pool(const Node* node, const Tensor& from) {
    const auto kernel = pair(node->input(1));
    const auto stride = kernel ? pool_stride(node->input(2), *kernel) : std::nullopt;
    const auto padding = pair(node->input(3));
    const bool counts_padding =
        constant_boolean(node->input(5)) == true || padding == graph::Pair{0, 0};
    if (from.axes != 4 || !stride || !padding || constant_boolean(node->input(4)) != false ||
        !counts_padding || !is_none(node->input(6))) {
        return std::nullopt;
    }
    return add(graph::AveragePool{.kernel = *kernel, .stride = *stride, .padding = *padding},
               {from}, from.axes);
}

// input, output size, factors
OperationReader::Result OperationReader::upsample(const Node* node, const Tensor& from) {
    const auto factors =
        node->inputs().size() == 3 ? constant_numbers(node->input(2)) : std::nullopt;
    if (from.axes != 4 || !factors || factors->size() != 2 || !is_none(node->input(1))) {
        return std::nullopt;
    }
    return add(graph::NearestUpsample{.row_factor = (*factors)[0], .column_factor = (*factors)[1]},
               {from}, from.axes);
}

// input, sizes from the last axis to the first, value
OperationReader::Result OperationReader::pad(const Node* node, const Tensor& from) {
    const auto sizes = constant_integers(node->input(1));
    const auto value = constant_number(node->input(2));
    if (from.axes != 4 || !sizes || sizes->size() != 4 || !value) {
        return std::nullopt;
    }
    return add(graph::Pad{.left = (*sizes)[0],
                          .right = (*sizes)[1],
                          .top = (*sizes)[2],
                          .bottom = (*sizes)[3],
                          .value = *value},
               {from}, from.axes);
}

// mean: input, axes, keeps axes, type; adaptive_avg_pool2d: input, output size
OperationReader::Result OperationReader::mean(const Node* node, std::string_view name,
                                              const Tensor& from) {
    if (name == "adaptive_avg_pool2d") {
        const bool is_mean = from.axes == 4 && pair(node->input(1)) == graph::Pair{1, 1};
        return is_mean ? Result(add(graph::Mean{.axes = {2, 3}}, {from}, from.axes)) : std::nullopt;
    }
    const auto axes = node->inputs().size() == 4 ? constant_integers(node->input(1)) : std::nullopt;
    const auto keeps_axes = axes ? constant_boolean(node->input(2)) : std::nullopt;
    if (!keeps_axes || axes->empty() || !is_none(node->input(3))) {
        return std::nullopt;
    }
    graph::Mean mean{.axes = {}, .keeps_axes = *keeps_axes};
    for (const auto index : *axes) {
        const auto at = axis(index, from.axes);
        if (!at) {
            return std::nullopt;
        }
        mean.axes.push_back(*at);
    }
    const auto left = from.axes - static_cast<std::int64_t>(mean.axes.size());
    return add(std::move(mean), {from}, *keeps_axes ? from.axes : left);
}

OperationReader::Result OperationReader::permute(const Node* node, const Tensor& from) {
    const auto axes = constant_integers(node->input(1));
    if (!axes || static_cast<std::int64_t>(axes->size()) != from.axes) {
        return std::nullopt;
    }
    graph::Permute permute;
    for (const auto index : *axes) {
        const auto at = axis(index, from.axes);
        if (!at) {
            return std::nullopt;
        }
        permute.axes.push_back(*at);
    }
    return add(std::move(permute), {from}, from.axes);
}

OperationReader::Result OperationReader::transpose(const Node* node, const Tensor& from) {
    const auto first = axis(constant_integer(node->input(1)), from.axes);
    const auto second = axis(constant_integer(node->input(2)), from.axes);
    if (!first || !second) {
        return std::nullopt;
    }
    graph::Permute permute;
    for (std::int64_t index = 0; index < from.axes; ++index) {
        permute.axes.push_back(index);
    }
    std::swap(permute.axes[static_cast<std::size_t>(*first)],
              permute.axes[static_cast<std::size_t>(*second)]);
    return add(std::move(permute), {from}, from.axes);
}

OperationReader::Result OperationReader::reshape(const Node* node, const Tensor& from) {
    graph::Reshape reshape;
    if (const auto sizes = constant_integers(node->input(1))) {
        reshape.sizes = *sizes;
        // In a graph, 0 means the input's own size.
        if (std::ranges::find(reshape.sizes, 0) != reshape.sizes.end()) {
            return std::nullopt;
        }
    } else {
        const Node* const list = node->input(1)->node();
        if (list->kind() != c10::prim::ListConstruct) {
            return std::nullopt;
        }
        for (const Value* const element : list->inputs()) {
            const auto size = constant_integer(element);
            const auto index = static_cast<std::int64_t>(reshape.sizes.size());
            const bool is_own = operation_of(element->node()) == "size" &&
                                element->node()->inputs().size() == 2 &&
                                element->node()->input(0) == node->input(0) &&
                                constant_integer(element->node()->input(1)) == index;
            if (!is_own && (!size || *size == 0)) {
                return std::nullopt;
            }
            reshape.sizes.push_back(is_own ? 0 : *size);
        }
    }
    const auto axes = static_cast<std::int64_t>(reshape.sizes.size());
    return add(std::move(reshape), {from}, axes);
}

// input, first axis, last axis
OperationReader::Result OperationReader::flatten(const Node* node, const Tensor& from) {
    const auto first = axis(constant_integer(node->input(1)), from.axes);
    const auto last = axis(constant_integer(node->input(2)), from.axes);
    if (!first || last != from.axes - 1) {
        return std::nullopt;
    }
    graph::Reshape reshape{.sizes = std::vector<std::int64_t>(static_cast<std::size_t>(*first), 0)};
    reshape.sizes.push_back(-1);
    return add(std::move(reshape), {from}, *first + 1);
}

// input, axis, start, end, step
OperationReader::Result OperationReader::slice(const Node* node, const Tensor& from) {
    const auto at = axis(constant_integer(node->input(1)), from.axes);
    const auto start =
        is_none(node->input(2)) ? std::optional<std::int64_t>(0) : constant_integer(node->input(2));
    const auto end =
        is_none(node->input(3)) ? std::optional(beyond_any_size) : constant_integer(node->input(3));
    const auto step = constant_integer(node->input(4));
    if (!at || !start || !end || !step) {
        return std::nullopt;
    }
    if (*start == 0 && *end >= beyond_any_size && *step == 1) {
        return from;
    }
    return add(graph::Slice{.axis = *at,
                            .start = *start,
                            .end = *end >= beyond_any_size ? std::nullopt : end,
                            .step = *step},
               {from}, from.axes);
}

}  // namespace speciesnet
