// Which tables of kernels there are.
#pragma once

#include "executor/kernels.hpp"

namespace speciesnet::executor {

const Kernels& avx2_kernels();
const Kernels& avx512_kernels();

}  // namespace speciesnet::executor
