// Values of frozen graphs.
#include "torchscript/graph_values.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

namespace speciesnet {
namespace {

/// The constant's content, if it is one.
std::optional<c10::IValue> constant(const torch::jit::Value* value) {
    return torch::jit::toIValue(value);
}

}  // namespace

std::string_view operation_of(const torch::jit::Node* node) {
    const std::string_view name = node->kind().toQualString();
    constexpr std::string_view space = "aten::";
    return name.starts_with(space) ? name.substr(space.size()) : std::string_view();
}

std::optional<at::Tensor> constant_tensor(const torch::jit::Value* value) {
    const auto content = constant(value);
    if (!content || !content->isTensor() || !content->toTensor().defined() ||
        content->toTensor().scalar_type() != at::kFloat) {
        return std::nullopt;
    }
    return content->toTensor();
}

std::optional<std::vector<std::int64_t>> constant_integers(const torch::jit::Value* value) {
    if (const auto content = constant(value)) {
        return content->isIntList() ? std::optional(content->toIntVector()) : std::nullopt;
    }
    if (value->node()->kind() != c10::prim::ListConstruct) {
        return std::nullopt;
    }
    std::vector<std::int64_t> integers;
    for (const auto* element : value->node()->inputs()) {
        const auto integer = constant_integer(element);
        if (!integer) {
            return std::nullopt;
        }
        integers.push_back(*integer);
    }
    return integers;
}

std::optional<std::int64_t> constant_integer(const torch::jit::Value* value) {
    const auto content = constant(value);
    return content && content->isInt() ? std::optional(content->toInt()) : std::nullopt;
}

std::optional<bool> constant_boolean(const torch::jit::Value* value) {
    const auto content = constant(value);
    return content && content->isBool() ? std::optional(content->toBool()) : std::nullopt;
}

std::optional<double> constant_number(const torch::jit::Value* value) {
    const auto content = constant(value);
    if (content && content->isDouble()) {
        return content->toDouble();
    }
    return content && content->isInt() ? std::optional(static_cast<double>(content->toInt()))
                                       : std::nullopt;
}

std::optional<std::vector<double>> constant_numbers(const torch::jit::Value* value) {
    if (const auto content = constant(value)) {
        return content->isDoubleList() ? std::optional(content->toDoubleVector()) : std::nullopt;
    }
    if (value->node()->kind() != c10::prim::ListConstruct) {
        return std::nullopt;
    }
    std::vector<double> numbers;
    for (const auto* element : value->node()->inputs()) {
        const auto number = constant_number(element);
        if (!number) {
            return std::nullopt;
        }
        numbers.push_back(*number);
    }
    return numbers;
}

std::optional<std::size_t> constant_size(std::int64_t number) {
    constexpr std::int64_t most = 1 << 20;
    return number >= 0 && number <= most ? std::optional(static_cast<std::size_t>(number))
                                         : std::nullopt;
}

std::optional<std::pair<std::size_t, std::size_t>> constant_size_pair(
    const torch::jit::Value* value) {
    const auto integers = constant_integers(value);
    if (!integers || integers->size() != 2 || !constant_size((*integers)[0]) ||
        !constant_size((*integers)[1])) {
        return std::nullopt;
    }
    return std::pair(*constant_size((*integers)[0]), *constant_size((*integers)[1]));
}

bool is_one(const torch::jit::Value* value) {
    return constant_size_pair(value) == std::pair<std::size_t, std::size_t>(1, 1);
}

bool is_none(const torch::jit::Value* value) {
    const auto content = constant(value);
    return content && content->isNone();
}

void release_constant(torch::jit::Value& value) {
    torch::jit::Node* const node = value.node();
    if (value.uses().size() == 1 && node->kind() == c10::prim::Constant &&
        node->kindOf(c10::attr::value) == torch::jit::AttributeKind::t) {
        node->t_(c10::attr::value, at::empty({0}));
    }
}

torch::jit::Node* only_user(const torch::jit::Value* value) {
    return value->uses().size() == 1 ? value->uses()[0].user : nullptr;
}

bool writes_to_inputs(const torch::jit::Node& node) {
    const auto* schema = node.maybeSchema();
    return schema != nullptr && schema->is_mutable();
}

void remove_unused_nodes(torch::jit::Graph& graph) {
    for (auto node = graph.nodes().rbegin(); node != graph.nodes().rend();) {
        torch::jit::Node* const candidate = *node;
        ++node;
        if (!candidate->hasUses() && !candidate->hasSideEffects()) {
            candidate->destroy();
        }
    }
}

}  // namespace speciesnet
