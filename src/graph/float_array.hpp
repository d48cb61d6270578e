// SPDX-License-Identifier: Apache-2.0
// The arrays that networks take as input and return.
#pragma once

#include <cstdint>
#include <vector>

namespace speciesnet {

/// A dense float32 array. The last dimension is contiguous.
struct FloatArray {
    std::vector<std::int64_t> shape;
    std::vector<float> values;  ///< Number of values: the product of `shape`.
};

}  // namespace speciesnet
