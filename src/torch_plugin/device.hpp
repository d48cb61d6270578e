// SPDX-License-Identifier: Apache-2.0
// LibTorch's name for a device.
#pragma once

#include "speciesnet/inference.hpp"

#include <c10/core/Device.h>

namespace speciesnet {

/// Makes a device ready for use.
/// @throws ModelError (unsupported_hardware) if it is not there
c10::Device prepare(const Device& device);

}  // namespace speciesnet
