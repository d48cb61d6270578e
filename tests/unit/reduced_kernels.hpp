// SPDX-License-Identifier: Apache-2.0
// Kernels of reduced precision that this CPU supports.
#pragma once

#include "executor/kernel_tables.hpp"
#include "executor/kernels.hpp"
#include "needs.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::executor {

inline Needs needs_int8() {
    return {best_kernel_set(Precision::int8) != nullptr, "AVX2 in this CPU, nor ARM's dotprod"};
}

/// Returns the plain loops over bytes, then all kernels of this CPU, and others that it can run:
/// AVX2 where there is AVX-VNNI, emulated AMX, or NEON's dot products of bytes where there are
/// matrix products.
inline std::vector<Kernels> reduced_kernels() {
    std::vector<Kernels> tables{plain_int8_kernels().table()};
    for (const auto& set : kernel_sets()) {
        if (set.precision == Precision::int8 && set.supported()) {
            tables.push_back(set.table());
        }
    }
    if (tables.size() == 1) {
        MESSAGE("SKIPPED but for plain loops: this CPU has neither AVX2 nor ARM's dotprod");
        return tables;
    }
#if defined(__x86_64__)
    if (tables[1].int8 != &avx2_int8_kernels()) {
        tables.push_back(tables[1]);
        tables.back().int8 = &avx2_int8_kernels();
    }
#endif
    const auto* const pairs = best_kernel_set(Precision::bfloat16);
    if (pairs == nullptr) {
        MESSAGE("SKIPPED for bfloat16: this CPU has neither AVX-512 BF16 nor ARM's bf16");
        return tables;
    }
    // The tables for bfloat16 also contain the kernels for bytes.
    tables.push_back(pairs->table());
#if defined(__x86_64__)
    tables.push_back(find_kernel_set("avx512", Precision::bfloat16)->table());
    tables.back().bfloat16 = &imitated_amx_kernels().bfloat16;
    tables.back().int8 = &imitated_amx_kernels().int8;
#elif defined(__aarch64__)
    tables.push_back(pairs->table());
    tables.back().int8 = &neon_dotprod_kernels();
#endif
    return tables;
}

}  // namespace speciesnet::executor
