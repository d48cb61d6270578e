// SPDX-License-Identifier: Apache-2.0
// Convolutions with the matrix registers of AMX. Compiled with its own flags; only called if the
// CPU has them and the operating system permits their use.
#include "executor/kernel_tables.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/amx_registers.hpp"
#include "executor/avx512_pairs.hpp"

struct PairProducts {
    static constexpr bool has_integer_sums = false;
};

struct ByteProducts {
    static constexpr bool has_integer_sums = true;
};

#include "executor/amx_templates.hpp"

}  // namespace

const AmxKernels& amx_kernels() {
    static const AmxKernels table = amx_table<MatrixRegisters>();
    return table;
}

}  // namespace speciesnet::executor
