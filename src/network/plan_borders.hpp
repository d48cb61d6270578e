// SPDX-License-Identifier: Apache-2.0
// Converts between a network's arrays and a plan's feature maps.
#pragma once

#include "executor/network_plan.hpp"
#include "executor/plan_run.hpp"
#include "graph/float_array.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace speciesnet {

/// Returns the plan's view of a network's input.
/// @param shape          four sizes, not negative
/// @param channels_first whether the second axis holds the channels; otherwise the last one
/// @throws InvalidArgument if there are not four axes
executor::PictureSize input_size(std::span<const std::int64_t> shape, bool channels_first);

/// Returns the array with these feature maps.
/// @param channels_first as in input_size()
FloatArray array_of(const executor::InputPictures& pictures, bool channels_first);

/// @throws InvalidArgument if the feature map does not match its axes
std::vector<std::int64_t> shape_of(const executor::PictureSize& size, executor::Axes axes);

/// Copies a feature map in the order of its axes.
/// @param numbers room for as many values as shape_of() states
void copy_in_order(const executor::ConstPicture& picture, executor::Axes axes, float* numbers);

}  // namespace speciesnet
