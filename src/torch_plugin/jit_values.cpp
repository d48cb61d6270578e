// SPDX-License-Identifier: Apache-2.0
// Reads values of frozen graphs.
#include "torch_plugin/jit_values.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>

namespace speciesnet {
namespace {

/// Returns the content of a constant; nothing for other values.
std::optional<c10::IValue> constant(const torch::jit::Value* value) {
    return torch::jit::toIValue(value);
}

}  // namespace

std::string_view operation_of(const torch::jit::Node* node) {
    const std::string_view name = node->kind().toQualString();
    constexpr std::string_view space = "aten::";
    return name.starts_with(space) ? name.substr(space.size()) : std::string_view();
}

bool is_convolution(const torch::jit::Node* node) {
    const auto name = operation_of(node);
    return name == "conv2d" || name == "_convolution";
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
    if (content && content->isTensor() && content->toTensor().dim() == 0) {
        return content->toTensor().item<double>();
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

bool is_none(const torch::jit::Value* value) {
    const auto content = constant(value);
    return content && content->isNone();
}

}  // namespace speciesnet
