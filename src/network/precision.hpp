// SPDX-License-Identifier: Apache-2.0
// Checks that this CPU supports a precision.
#pragma once

#include "speciesnet/inference.hpp"

#include "executor/kernels.hpp"

namespace speciesnet {

/// @param kernels those that will be used; null if networks are left to LibTorch
/// @return `wanted`, or what automatic stands for
/// @throws ModelError (unsupported_hardware)
Precision available_precision(Precision wanted, const executor::Kernels* kernels);

}  // namespace speciesnet
