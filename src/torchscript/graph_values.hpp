// Reading TorchScript graphs: constants behind values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

/// "conv2d" for aten::conv2d; empty for what is no operation on tensors.
std::string_view operation_of(const torch::jit::Node* node);

/// A constant float32 tensor; nothing if the value is something else.
std::optional<at::Tensor> constant_tensor(const torch::jit::Value* value);
/// A constant list of integers, also one that is made of constants.
std::optional<std::vector<std::int64_t>> constant_integers(const torch::jit::Value* value);
std::optional<std::int64_t> constant_integer(const torch::jit::Value* value);
std::optional<bool> constant_boolean(const torch::jit::Value* value);
std::optional<double> constant_number(const torch::jit::Value* value);
std::optional<std::vector<double>> constant_numbers(const torch::jit::Value* value);
/// A size, if it is not negative and below a million.
std::optional<std::size_t> constant_size(std::int64_t number);
/// Two sizes, height and width.
std::optional<std::pair<std::size_t, std::size_t>> constant_size_pair(
    const torch::jit::Value* value);
/// Whether both sizes are 1.
bool is_one(const torch::jit::Value* value);
bool is_none(const torch::jit::Value* value);

/// Frees a constant tensor that only one node uses; the value stays, empty.
void release_constant(torch::jit::Value& value);

/// The node that uses a value, if only one does, once.
torch::jit::Node* only_user(const torch::jit::Value* value);

/// Whether the node writes to what it is given.
bool writes_to_inputs(const torch::jit::Node& node);

/// Removes nodes whose results nobody uses, from the last to the first.
void remove_unused_nodes(torch::jit::Graph& graph);

}  // namespace speciesnet
