// SPDX-License-Identifier: Apache-2.0
// Kernels for numbers of fewer bits, as far as this CPU has them.
#pragma once

#include "executor/kernel_tables.hpp"
#include "executor/kernels.hpp"
#include "needs.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::executor {

inline Needs needs_vnni() {
    return {best_kernel_set(Precision::int8) != nullptr, "AVX-512 VNNI in this CPU"};
}

/// The best of this CPU, then AMX, imitated where the CPU can do that; nothing where no kernels are
/// for reduced numbers.
inline std::vector<Kernels> reduced_kernels() {
    const auto* const bytes = best_kernel_set(Precision::int8);
    if (bytes == nullptr) {
        MESSAGE("SKIPPED: this CPU has no AVX-512 VNNI");
        return {};
    }
    const auto* const pairs = best_kernel_set(Precision::bfloat16);
    if (pairs == nullptr) {
        MESSAGE("SKIPPED for bfloat16 and AMX: this CPU has no AVX-512 BF16");
        return {bytes->table()};
    }
    // The tables for bfloat16 have the kernels for bytes, too.
    std::vector<Kernels> tables{pairs->table(),
                                find_kernel_set("avx512", Precision::bfloat16)->table()};
#if defined(__x86_64__)
    tables.back().bfloat16 = &imitated_amx_kernels().bfloat16;
    tables.back().int8 = &imitated_amx_kernels().int8;
#endif
    return tables;
}

}  // namespace speciesnet::executor
