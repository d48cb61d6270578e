// SPDX-License-Identifier: Apache-2.0
// What tests of the executor share.
#pragma once

#include "executor/kernels.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace speciesnet::executor {

/// Those that this CPU has; none where the executor is not used at all.
inline std::vector<InstructionSet> instruction_sets() {
    std::vector<InstructionSet> sets;
    const auto best = best_instruction_set();
    for (const auto set : {InstructionSet::avx2, InstructionSet::avx512}) {
        if (best && set <= *best) {
            sets.push_back(set);
        }
    }
    return sets;
}

/// Numbers from -1 to 1 that look random and are the same in each run.
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
