// SPDX-License-Identifier: Apache-2.0
// Copies a tensor's values to float32 in memory.
#pragma once

#include "graph/tensor.hpp"

#include <vector>

namespace speciesnet::graph {

/// Copies a tensor, rounding float64 to float32. The last axis is contiguous.
/// @throws InvalidArgument if it is not floating-point, or if its bytes do not hold its shape
std::vector<float> to_floats(const TensorView& tensor);

}  // namespace speciesnet::graph
