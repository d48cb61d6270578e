// SPDX-License-Identifier: Apache-2.0
// Decides which pictures of a plan are stored as bfloat16 numbers or as bytes.
#pragma once

#include "executor/element.hpp"
#include "executor/plan.hpp"

#include <cstddef>
#include <functional>
#include <span>

namespace speciesnet::executor {

/// Operation::takes() of a step.
using TakesElements =
    std::function<bool(std::size_t step, std::span<const Element> inputs, Element output)>;

/// Makes as many buffers as the operations allow pictures of a narrow element. Inputs and what is
/// kept stay float32.
/// @param takes says so of steps whose operation is still to be supplied; float32 pictures alone
/// are
///              taken by all
void use_narrow(Plan& plan, Element element, const TakesElements& takes);

}  // namespace speciesnet::executor
