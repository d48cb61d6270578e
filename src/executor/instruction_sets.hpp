// Which tables of kernels there are.
#pragma once

#include "executor/kernels.hpp"

namespace speciesnet::executor {

const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
const Int8Kernels& avx512_int8_kernels();
const Bfloat16Kernels& avx512_bfloat16_kernels();

}  // namespace speciesnet::executor
