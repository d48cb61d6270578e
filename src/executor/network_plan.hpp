// SPDX-License-Identifier: Apache-2.0
// A plan, and how a network's input and output tensors map to its pictures.
#pragma once

#include "executor/plan.hpp"

#include <cstdint>

namespace speciesnet::executor {

/// What the axes of a network's output are.
enum class Axes : std::int32_t {
    picture,   ///< [images][channels][rows][columns]
    channels,  ///< [images][channels]: one pixel
    pixels,    ///< [images][pixels][channels]: one row
};

/// A network as a plan from its input to its output. The plan has one input and keeps one value.
struct NetworkPlan {
    Plan plan;
    bool channels_first = true;  ///< Of the network's input.
    Axes output = Axes::picture;
};

}  // namespace speciesnet::executor
