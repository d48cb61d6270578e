// SPDX-License-Identifier: Apache-2.0
// Checks that this CPU supports a precision.
#pragma once

#include "speciesnet/inference.hpp"

#include "executor/kernels.hpp"

namespace speciesnet {

/// @param kernels those that will be used; null if networks are left to LibTorch, which computes in
/// float32
/// @throws ModelError (unsupported_hardware) if they are for another precision than the one wanted
void require_precision(Precision wanted, const executor::KernelSet* kernels);

}  // namespace speciesnet
