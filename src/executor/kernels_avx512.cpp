// SPDX-License-Identifier: Apache-2.0
// The kernels for AVX-512. Compiled with its own flags; only called if the CPU has it.
#include "executor/kernel_tables.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/avx512_templates.hpp"

}  // namespace

const Kernels& avx512_kernels() {
    static constexpr Kernels table = table_of<Avx512>(avx512_tiles, convolve<FloatFactors<Avx512>>);
    return table;
}

}  // namespace speciesnet::executor
