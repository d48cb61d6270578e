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

/// The plan's view of a network's input.
/// @param shape          four sizes, not negative
/// @param channels_first the second axis holds the channels, otherwise the last one
/// @throws InvalidArgument if there are not four axes
executor::PictureSize input_size(std::span<const std::int64_t> shape, bool channels_first);

/// The array with these feature maps.
/// @param channels_first as in input_size()
FloatArray array_of(const executor::InputPictures& pictures, bool channels_first);

/// @throws InvalidArgument if the feature map is not what its axes say
std::vector<std::int64_t> shape_of(const executor::PictureSize& size, executor::Axes axes);

/// Copies a feature map in the order of its axes.
/// @param numbers room for as many as shape_of() says
void copy_in_order(const executor::ConstPicture& picture, executor::Axes axes, float* numbers);

}  // namespace speciesnet
