// SPDX-License-Identifier: Apache-2.0
// Checks that this CPU supports a precision.
#pragma once

#include "speciesnet/inference.hpp"

#include "executor/kernels.hpp"

namespace speciesnet {

/// @param kernels those that will be used; null if LibTorch runs networks, which computes in
/// float32
/// @throws ModelError (unsupported_hardware) if their precision is not `wanted`
void require_precision(Precision wanted, const executor::KernelSet* kernels);

}  // namespace speciesnet
