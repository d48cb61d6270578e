// SPDX-License-Identifier: Apache-2.0
// Shared by tests of the executor.
#pragma once

#include "executor/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace speciesnet::executor {

/// Returns the float32 kernels that this CPU supports, from the plainest to the fastest.
inline std::vector<const KernelSet*> float32_kernel_sets() {
    std::vector<const KernelSet*> sets;
    for (const auto& set : kernel_sets()) {
        if (set.precision == Precision::float32 && set.supported()) {
            sets.push_back(&set);
        }
    }
    return sets;
}

/// Returns the value of an activation in double precision.
inline double activated(double x, Activation activation) {
    switch (activation) {
        case Activation::relu:
            return std::max(x, 0.0);
        case Activation::silu:
            return x / (1 + std::exp(-x));
        case Activation::sigmoid:
            return 1 / (1 + std::exp(-x));
        case Activation::none:
            break;
    }
    return x;
}

/// Returns pseudo-random values from -1 to 1, the same in each run.
inline std::vector<float> numbers(std::size_t count, std::uint32_t seed) {
    std::vector<float> values(count);
    std::uint32_t state = seed * 2654435761U + 1U;
    for (auto& value : values) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<float>(state >> 8U) / static_cast<float>(1U << 23U) - 1.0F;
    }
    return values;
}

}  // namespace speciesnet::executor
