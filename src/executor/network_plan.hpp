// SPDX-License-Identifier: Apache-2.0
// A plan, and the mapping of a network's input and output tensors to its feature maps.
#pragma once

#include "executor/plan.hpp"

#include <cstdint>

namespace speciesnet::executor {

/// The axes of a network's output.
enum class Axes : std::int32_t {
    picture,   ///< [images][channels][rows][columns]
    channels,  ///< [images][channels]: one pixel
    pixels,    ///< [images][pixels][channels]: one row
};

/// A network as a plan with one input and one kept value.
struct NetworkPlan {
    Plan plan;
    bool channels_first = true;  ///< Layout of the network's input.
    Axes output = Axes::picture;
};

}  // namespace speciesnet::executor
