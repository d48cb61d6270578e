// SPDX-License-Identifier: Apache-2.0
// Weights in the types that files have, and as float32.
#pragma once

#include "graph/tensor.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace speciesnet::lowering {

/// How many numbers a tensor has.
/// @throws Refusal if it is not floating-point, too large, or reaches beyond its bytes
std::size_t checked_count(const TensorView& tensor);

/// Converts a tensor in the order of its axes; numbers that float32 does not have are rounded.
/// @param tensor one that checked_count() takes
/// @param to     room for as many
void copy_floats(const TensorView& tensor, float* to);

/// The tensor's own memory, if it holds what copy_floats() would give; else empty.
std::span<const float> floats_in_place(const TensorView& tensor);

std::vector<float> floats_of(const TensorView& tensor);

/// A dense tensor that owns its numbers.
TensorView tensor_of(std::vector<float> numbers, std::vector<std::int64_t> shape);

}  // namespace speciesnet::lowering
