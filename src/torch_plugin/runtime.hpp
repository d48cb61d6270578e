// SPDX-License-Identifier: Apache-2.0
// Versions and features of LibTorch.
#pragma once

#include "speciesnet/runtime.hpp"

namespace speciesnet {

RuntimeInfo torch_runtime_info();

}  // namespace speciesnet
