// SPDX-License-Identifier: Apache-2.0
// Tensors and weights with pseudo-random values, the same in each run.
#pragma once

#include "graph_interpreter.hpp"
#include "unit/executor_fixtures.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace speciesnet {

inline std::size_t count_of(const std::vector<std::int64_t>& shape) {
    std::size_t count = 1;
    for (const auto size : shape) {
        count *= static_cast<std::size_t>(size);
    }
    return count;
}

/// Returns a weight with values from -1 to 1, times a factor.
inline graph::Weight random_weight(const std::vector<std::int64_t>& shape, std::uint32_t seed,
                                   float factor = 1) {
    auto values = executor::numbers(count_of(shape), seed);
    for (auto& value : values) {
        value *= factor;
    }
    return weight(std::move(values), shape);
}

inline TestTensor random_tensor(const std::vector<std::int64_t>& shape, std::uint32_t seed = 99) {
    return {shape, executor::numbers(count_of(shape), seed)};
}

}  // namespace speciesnet
