// SPDX-License-Identifier: Apache-2.0
// Kernels for numbers of fewer bits, as far as this CPU has them.
#pragma once

#include "executor/instruction_sets.hpp"
#include "executor/kernels.hpp"
#include "needs.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::executor {

inline Needs needs_vnni() {
    const auto best = best_reduced_instruction_set();
    return {best && *best >= InstructionSet::avx512_vnni, "AVX-512 VNNI in this CPU"};
}

/// The best of this CPU, then AMX, imitated where the CPU can do that; nothing where no kernels are
/// for reduced numbers.
inline std::vector<Kernels> reduced_kernels() {
    const auto best = best_reduced_instruction_set();
    if (!best || *best < InstructionSet::avx512_vnni) {
        MESSAGE("SKIPPED: this CPU has no AVX-512 VNNI");
        return {};
    }
    std::vector<Kernels> tables{kernels(*best)};
    if (*best < InstructionSet::avx512_bf16) {
        MESSAGE("SKIPPED for bfloat16 and AMX: this CPU has no AVX-512 BF16");
        return tables;
    }
    tables.push_back(kernels(InstructionSet::avx512_bf16));
    tables.back().bfloat16 = &imitated_amx_kernels().bfloat16;
    tables.back().int8 = &imitated_amx_kernels().int8;
    return tables;
}

}  // namespace speciesnet::executor
