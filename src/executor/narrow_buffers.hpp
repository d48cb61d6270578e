// SPDX-License-Identifier: Apache-2.0
// Decides which feature maps of a plan are stored as bfloat16 or as bytes.
#pragma once

#include "executor/element.hpp"
#include "executor/plan.hpp"

#include <cstddef>
#include <functional>
#include <span>

namespace speciesnet::executor {

/// Corresponds to Operation::takes() of a step.
using TakesElements =
    std::function<bool(std::size_t step, std::span<const Element> inputs, Element output)>;

/// Stores as many buffers as the operations allow with a narrow element type. Inputs and kept
/// values stay float32.
/// @param takes decides for steps whose operation is not supplied yet; all operations support
/// float32
void use_narrow(Plan& plan, Element element, const TakesElements& takes);

}  // namespace speciesnet::executor
