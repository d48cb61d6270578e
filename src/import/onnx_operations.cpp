// Each function is the forward() of one class of onnx2torch's node_converters, release 1.5.
#include "import/onnx_operations.hpp"

#include "import/pickle_globals.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

namespace speciesnet {
namespace {

constexpr std::string_view converters = "onnx2torch.node_converters.";

/// A list of integers that a network has as a constant; nothing if the constant is something else.
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

/// The function of torch that a module holds: "add", "mean", ...; empty if it holds something else.
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

}  // namespace

std::optional<Term> OnnxOperations::write(const TorchModule& module,
                                          const std::vector<Operand>& operands) {
    layers_.count(module);
    if (operands.size() == 2) {
        return write_binary(module, operands[0], operands[1]);
    }
    if (operands.size() == 1 && !operands[0].constant) {
        return write_unary(module, operands[0].term);
    }
    return std::nullopt;
}

Term OnnxOperations::term(const Operand& operand) {
    return operand.constant ? network_.weight(operand.name, *operand.constant) : operand.term;
}

std::optional<Term> OnnxOperations::write_unary(const TorchModule& module, const Term& input) {
    std::string_view name = module.class_name();
    if (!name.starts_with(converters)) {
        return layers_.write(module, input);
    }
    name.remove_prefix(converters.size());
    if (name == "transpose.OnnxTranspose") {
        return network_.assign("torch.permute(" + input + ", " + text_of(module.integers("perm")) +
                               ")");
    }
    if (name == "pad.OnnxPadStatic") {
        return pad(module, input);
    }
    if (name == "global_average_pool.OnnxGlobalAveragePool" ||
        name == "global_average_pool.OnnxGlobalAveragePoolWithKnownInputShape") {
        // All dimensions after batch and channel; convolutions leave two.
        return network_.assign("torch.mean(" + input + ", [2, 3], True)");
    }
    if (name == "reduce.OnnxReduceStaticAxes") {
        return reduce_mean(module, input);
    }
    if (name == "squeeze.OnnxSqueezeStaticAxes" && module.has("axes")) {
        return squeeze(input, module.integers("axes"));
    }
    return std::nullopt;
}

std::optional<Term> OnnxOperations::write_binary(const TorchModule& module, const Operand& first,
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
        return network_.assign("torch.matmul(" + term(first) + ", " + term(second) + ")");
    }
    if (second.constant && !first.constant) {
        return write_with_constant(name, first.term, *second.constant);
    }
    return std::nullopt;
}

std::optional<Term> OnnxOperations::write_with_constant(std::string_view name, const Term& input,
                                                        const TensorView& constant) {
    auto values = integers(constant);
    if (values && name == "reshape.OnnxReshape") {
        return reshape(input, *values);
    }
    if (values && !values->empty() && name == "squeeze.OnnxSqueezeDynamicAxes") {
        return squeeze(input, std::move(*values));
    }
    return std::nullopt;
}

std::optional<Term> OnnxOperations::arithmetic(const TorchModule& module, const Operand& first,
                                               const Operand& second) {
    const std::string_view function = torch_function(module);
    const bool is_old_broadcast = module.integer("broadcast", 0) == 1 && module.has("axis");
    if (is_old_broadcast ||
        (function != "add" && function != "sub" && function != "mul" && function != "div")) {
        return std::nullopt;
    }
    return network_.assign("torch." + std::string(function) + "(" + term(first) + ", " +
                           term(second) + ")");
}

std::optional<Term> OnnxOperations::pad(const TorchModule& module, const Term& input) {
    if (module.attribute("mode").text() != "constant") {
        return std::nullopt;
    }
    return network_.assign("torch.constant_pad_nd(" + input + ", " +
                           text_of(module.integers("pads")) + ", " +
                           text_of(module.real("constant_value")) + ")");
}

std::optional<Term> OnnxOperations::reduce_mean(const TorchModule& module, const Term& input) {
    if (torch_function(module) != "mean" || !module.has("axes") ||
        module.integers("axes").empty()) {
        return std::nullopt;
    }
    return network_.assign("torch.mean(" + input + ", " + text_of(module.integers("axes")) + ", " +
                           (module.boolean("keepdims", true) ? "True" : "False") + ")");
}

// A size of 0 stands for the input's size.
Term OnnxOperations::reshape(const Term& input, const std::vector<std::int64_t>& shape) {
    std::string sizes;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        sizes += i == 0 ? "" : ", ";
        sizes +=
            shape[i] == 0 ? input + ".size(" + std::to_string(i) + ")" : std::to_string(shape[i]);
    }
    return network_.assign("torch.reshape(" + input + ", [" + sizes + "])");
}

Term OnnxOperations::squeeze(const Term& input, std::vector<std::int64_t> axes) {
    std::ranges::sort(axes, std::greater<>());
    Term result = input;
    for (const auto axis : axes) {
        result = network_.assign("torch.squeeze(" + result + ", " + std::to_string(axis) + ")");
    }
    return result;
}

}  // namespace speciesnet
