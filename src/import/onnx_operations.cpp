// SPDX-License-Identifier: Apache-2.0
// Each function implements forward() of one class of onnx2torch's node_converters, release 1.5.
#include "import/onnx_operations.hpp"

#include "import/pickle_globals.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

namespace speciesnet {
namespace {

constexpr std::string_view converters = "onnx2torch.node_converters.";

/// Returns a list of integers that a network has as a constant; nothing for other constants.
std::optional<std::vector<std::int64_t>> integers(const TensorView& constant) {
    constexpr std::int64_t most_integers = 64;
    if (constant.type != ElementType::int64 || constant.shape.size() != 1 ||
        constant.shape[0] > most_integers) {
        return std::nullopt;
    }
    std::vector<std::int64_t> values(static_cast<std::size_t>(constant.shape[0]));
    const auto step = static_cast<std::size_t>(constant.strides[0]) * sizeof(std::int64_t);
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::memcpy(&values[i], constant.bytes.data() + i * step, sizeof(std::int64_t));
    }
    return values;
}

/// Returns the function of torch that a module holds, such as "add" or "mean"; empty for other
/// modules.
std::string_view torch_function(const TorchModule& module) {
    const auto function = module.attribute("math_op_function");
    if (function.is<pickle::Global>()) {
        constexpr pickle::Global division{"onnx2torch.node_converters.binary_math_operations",
                                          "_onnx_div"};
        return function.global() == division ? "div" : std::string_view();
    }
    const auto made_by = function.made_by();
    return made_by && pickle::is_getattr(*made_by) ? function.arguments().item(1).text()
                                                   : std::string_view();
}

std::optional<graph::Arithmetic::Kind> arithmetic_kind(std::string_view function) {
    using Kind = graph::Arithmetic::Kind;
    constexpr std::pair<std::string_view, Kind> kinds[] = {{"add", Kind::add},
                                                           {"sub", Kind::subtract},
                                                           {"mul", Kind::multiply},
                                                           {"div", Kind::divide}};
    for (const auto& [name, kind] : kinds) {
        if (function == name) {
            return kind;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<graph::Value> OnnxOperations::add(const TorchModule& module,
                                                const std::vector<Operand>& operands) {
    layers_.count(module);
    if (operands.size() == 2) {
        return add_binary(module, operands[0], operands[1]);
    }
    const auto* const input =
        operands.size() == 1 ? std::get_if<graph::Value>(operands.data()) : nullptr;
    return input != nullptr ? add_unary(module, *input) : std::nullopt;
}

graph::Value OnnxOperations::value(const Operand& operand) {
    if (const auto* calculated = std::get_if<graph::Value>(&operand)) {
        return *calculated;
    }
    const auto& constant = std::get<OnnxConstant>(operand);
    return graph_.add(graph::Constant{weights_.weight(constant.name, constant.tensor)}, {});
}

std::optional<graph::Value> OnnxOperations::add_unary(const TorchModule& module,
                                                      graph::Value input) {
    std::string_view name = module.class_name();
    if (!name.starts_with(converters)) {
        return layers_.add(module, input);
    }
    name.remove_prefix(converters.size());
    if (name == "transpose.OnnxTranspose") {
        return graph_.add(graph::Permute{module.integers("perm")}, {input});
    }
    if (name == "pad.OnnxPadStatic") {
        return pad(module, input);
    }
    if (name == "global_average_pool.OnnxGlobalAveragePool" ||
        name == "global_average_pool.OnnxGlobalAveragePoolWithKnownInputShape") {
        // Reduces all dimensions after batch and channel; the output of convolutions has two.
        return graph_.add(graph::Mean{.axes = {2, 3}, .keeps_axes = true}, {input});
    }
    if (name == "reduce.OnnxReduceStaticAxes") {
        return reduce_mean(module, input);
    }
    if (name == "squeeze.OnnxSqueezeStaticAxes" && module.has("axes")) {
        return squeeze(input, module.integers("axes"));
    }
    return std::nullopt;
}

std::optional<graph::Value> OnnxOperations::add_binary(const TorchModule& module,
                                                       const Operand& first,
                                                       const Operand& second) {
    std::string_view name = module.class_name();
    if (!name.starts_with(converters)) {
        return std::nullopt;
    }
    name.remove_prefix(converters.size());
    if (name == "binary_math_operations.OnnxBinaryMathOperation") {
        return arithmetic(module, first, second);
    }
    if (name == "matmul.OnnxMatMul") {
        const auto left = value(first);
        return graph_.add(graph::MatrixProduct{}, {left, value(second)});
    }
    const auto* const input = std::get_if<graph::Value>(&first);
    const auto* const constant = std::get_if<OnnxConstant>(&second);
    return input != nullptr && constant != nullptr
               ? add_with_constant(name, *input, constant->tensor)
               : std::nullopt;
}

std::optional<graph::Value> OnnxOperations::add_with_constant(std::string_view name,
                                                              graph::Value input,
                                                              const TensorView& constant) {
    auto values = integers(constant);
    if (values && name == "reshape.OnnxReshape") {
        return graph_.add(graph::Reshape{*std::move(values)}, {input});
    }
    if (values && !values->empty() && name == "squeeze.OnnxSqueezeDynamicAxes") {
        return squeeze(input, *std::move(values));
    }
    return std::nullopt;
}

std::optional<graph::Value> OnnxOperations::arithmetic(const TorchModule& module,
                                                       const Operand& first,
                                                       const Operand& second) {
    const bool is_old_broadcast = module.integer("broadcast", 0) == 1 && module.has("axis");
    const auto kind = arithmetic_kind(torch_function(module));
    if (is_old_broadcast || !kind) {
        return std::nullopt;
    }
    const auto left = value(first);
    return graph_.add(graph::Arithmetic{*kind}, {left, value(second)});
}

std::optional<graph::Value> OnnxOperations::pad(const TorchModule& module, graph::Value input) {
    // ONNX lists the last axis first.
    const auto sizes = module.integers("pads");
    if (module.attribute("mode").text() != "constant" || sizes.size() < 4 ||
        std::any_of(sizes.begin() + 4, sizes.end(), [](std::int64_t size) { return size != 0; })) {
        return std::nullopt;
    }
    return graph_.add(graph::Pad{.left = sizes[0],
                                 .right = sizes[1],
                                 .top = sizes[2],
                                 .bottom = sizes[3],
                                 .value = module.real("constant_value")},
                      {input});
}

std::optional<graph::Value> OnnxOperations::reduce_mean(const TorchModule& module,
                                                        graph::Value input) {
    if (torch_function(module) != "mean" || !module.has("axes") ||
        module.integers("axes").empty()) {
        return std::nullopt;
    }
    return graph_.add(graph::Mean{.axes = module.integers("axes"),
                                  .keeps_axes = module.boolean("keepdims", true)},
                      {input});
}

graph::Value OnnxOperations::squeeze(graph::Value input, std::vector<std::int64_t> axes) {
    std::ranges::sort(axes, std::greater<>());
    for (const auto axis : axes) {
        input = graph_.add(graph::Squeeze{axis}, {input});
    }
    return input;
}

}  // namespace speciesnet
