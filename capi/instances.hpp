// SPDX-License-Identifier: Apache-2.0
// Photos and choices as the C structs give them.
#pragma once

#include "speciesnet/ensemble.hpp"

#include "capi/speciesnet.h"

#include <cstddef>
#include <vector>

namespace speciesnet::capi {

/// @throws InvalidArgument if there is neither a file nor an image, or for a malformed place or
/// detection
Instance to_instance(const speciesnet_instance& instance);

/// All elements of an array. @throws InvalidArgument if the array is null or its elements
/// differ in size, and as to_instance()
std::vector<Instance> to_instances(const speciesnet_instance* instances, std::size_t count);

/// @throws InvalidArgument if the struct was not initialised
speciesnet_predict_options read_predict_options(const speciesnet_predict_options* options);

/// @throws InvalidArgument for values out of range
PredictOptions to_predict_options(const speciesnet_predict_options& options);

}  // namespace speciesnet::capi
