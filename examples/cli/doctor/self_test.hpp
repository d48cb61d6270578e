// SPDX-License-Identifier: Apache-2.0
// Checks that the engine gives the right answer on this machine.
#pragma once

#include "check.hpp"

namespace speciesnet::cli {

/// Runs the demonstration model on a photo that is part of the program; both its answer and the box
/// must be right. Takes a second or so.
Check self_test();

}  // namespace speciesnet::cli
