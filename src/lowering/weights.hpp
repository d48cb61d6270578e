// SPDX-License-Identifier: Apache-2.0
// Reads weights in the types that files have, and as float32.
#pragma once

#include "graph/tensor.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace speciesnet::lowering {

/// Returns the number of values of a tensor.
/// @throws Refusal if it is not floating-point, too large, or exceeds its bytes
std::size_t checked_count(const TensorView& tensor);

/// Converts a tensor in the order of its axes, and rounds values to float32.
/// @param tensor one that checked_count() accepts
/// @param to     room for all values
void copy_floats(const TensorView& tensor, float* to);

/// Returns the tensor's own memory if it equals the result of copy_floats(), otherwise an empty
/// span.
std::span<const float> floats_in_place(const TensorView& tensor);

std::vector<float> floats_of(const TensorView& tensor);

/// A dense tensor that owns its values.
TensorView tensor_of(std::vector<float> numbers, std::vector<std::int64_t> shape);

}  // namespace speciesnet::lowering
