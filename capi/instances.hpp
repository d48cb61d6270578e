// SPDX-License-Identifier: Apache-2.0
// Converts photos from C structs.
#pragma once

#include "speciesnet/prediction.hpp"

#include "capi/speciesnet.h"

#include <cstddef>
#include <vector>

namespace speciesnet::capi {

/// @throws InvalidArgument if there is neither a file nor an image, or if a location or detection
/// is malformed
Instance to_instance(const speciesnet_instance& instance);

/// Converts all elements of an array. @throws InvalidArgument if the array is null or its elements
/// differ in size, and as to_instance()
std::vector<Instance> to_instances(const speciesnet_instance* instances, std::size_t count);

}  // namespace speciesnet::capi
