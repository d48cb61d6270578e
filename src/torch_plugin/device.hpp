// SPDX-License-Identifier: Apache-2.0
// Converts a device to LibTorch's type.
#pragma once

#include "speciesnet/inference.hpp"

#include <c10/core/Device.h>

namespace speciesnet {

/// Prepares a device for use.
/// @throws ModelError (unsupported_hardware) if it is not available
c10::Device prepare(const Device& device);

}  // namespace speciesnet
