// SPDX-License-Identifier: Apache-2.0
// Reads constants of TorchScript graphs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

/// Returns, for instance, "conv2d" for aten::conv2d; empty if the node is not an operation on
/// tensors.
std::string_view operation_of(const torch::jit::Node* node);
bool is_convolution(const torch::jit::Node* node);

/// Returns a constant float32 tensor; nothing for other values.
std::optional<at::Tensor> constant_tensor(const torch::jit::Value* value);
/// Returns a constant list of integers, which may also be built from constants.
std::optional<std::vector<std::int64_t>> constant_integers(const torch::jit::Value* value);
std::optional<std::int64_t> constant_integer(const torch::jit::Value* value);
std::optional<bool> constant_boolean(const torch::jit::Value* value);
/// Also accepts an integer and a tensor without axes.
std::optional<double> constant_number(const torch::jit::Value* value);
std::optional<std::vector<double>> constant_numbers(const torch::jit::Value* value);
bool is_none(const torch::jit::Value* value);

}  // namespace speciesnet
