// SPDX-License-Identifier: Apache-2.0
// Checks that the engine gives the right answer on this machine.
#pragma once

#include "check.hpp"

namespace speciesnet::cli {

/// Runs the demonstration model on a photo in the program. Both its answer and the box must be
/// right. Takes about a second.
Check self_test();

}  // namespace speciesnet::cli
