// SPDX-License-Identifier: Apache-2.0
// The tables of kernels, one file each.
#pragma once

#include "executor/kernels.hpp"

namespace speciesnet::executor {

const Kernels& portable_kernels();
const Kernels& neon_kernels();
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
const Int8Kernels& avx512_int8_kernels();
const Bfloat16Kernels& avx512_bfloat16_kernels();

struct AmxKernels {
    Bfloat16Kernels bfloat16;
    Int8Kernels int8;
};
const AmxKernels& amx_kernels();
const AmxKernels& imitated_amx_kernels();

}  // namespace speciesnet::executor
