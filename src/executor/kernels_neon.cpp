// SPDX-License-Identifier: Apache-2.0
// The kernels for 64-bit ARM, whose CPUs all have NEON and its 32 registers.
#include "executor/kernel_tables.hpp"

#include <arm_neon.h>

namespace speciesnet::executor {
namespace {

#include "executor/neon_templates.hpp"

}  // namespace

const Kernels& neon_kernels() {
    static constexpr Kernels table = table_of<Neon>(neon_tiles, convolve<FloatFactors<Neon>>);
    return table;
}

}  // namespace speciesnet::executor
