// SPDX-License-Identifier: Apache-2.0
// Declares the tables of kernels, one file each, and the shapes of their tiles.
#pragma once

#include "executor/kernels.hpp"

namespace speciesnet::executor {

// The tiles that fit into the registers.
inline constexpr TileShape portable_tiles{.most_vectors = 2, .rows = {0, 6, 6, 0, 0, 0}};
inline constexpr TileShape neon_tiles{.most_vectors = 4, .rows = {0, 6, 6, 6, 6, 0}};
inline constexpr TileShape avx2_tiles{.most_vectors = 2, .rows = {0, 6, 6, 0, 0, 0}};
inline constexpr TileShape avx512_tiles{.most_vectors = 5, .rows = {0, 10, 10, 8, 6, 5}};

const Kernels& portable_kernels();
const Int8Kernels& portable_int8_kernels();
const Kernels& neon_kernels();
const Int8Kernels& neon_dotprod_kernels();
const Int8Kernels& neon_i8mm_kernels();
const Bfloat16Kernels& neon_bfloat16_kernels();
const Kernels& avx2_kernels();
const Int8Kernels& avx2_int8_kernels();
const Int8Kernels& avx_vnni_int8_kernels();
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
