// SPDX-License-Identifier: Apache-2.0
// Reads constants of TorchScript graphs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <torch/csrc/jit/ir/ir.h>

namespace speciesnet {

/// "conv2d" for aten::conv2d; empty for what is no operation on tensors.
std::string_view operation_of(const torch::jit::Node* node);
bool is_convolution(const torch::jit::Node* node);

/// A constant float32 tensor; nothing if the value is something else.
std::optional<at::Tensor> constant_tensor(const torch::jit::Value* value);
/// A constant list of integers, also one that is made of constants.
std::optional<std::vector<std::int64_t>> constant_integers(const torch::jit::Value* value);
std::optional<std::int64_t> constant_integer(const torch::jit::Value* value);
std::optional<bool> constant_boolean(const torch::jit::Value* value);
/// An integer, too, and a tensor without axes.
std::optional<double> constant_number(const torch::jit::Value* value);
std::optional<std::vector<double>> constant_numbers(const torch::jit::Value* value);
bool is_none(const torch::jit::Value* value);

}  // namespace speciesnet
