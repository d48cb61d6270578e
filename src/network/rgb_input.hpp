// SPDX-License-Identifier: Apache-2.0
// RGB images as the input of a network, in the range 0 to 1.
#pragma once

#include "executor/plan_run.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace speciesnet {

/// byte → byte/255 in the nearest float. (NumPy divides in double precision for the reference and
/// rounds then; for these numbers that gives the same floats.)
/// @param values as many as bytes
void to_unit_range(std::span<const std::uint8_t> bytes, float* values);

/// Images of one size, converted row by row where the network reads them.
/// @param pictures width·height·3 bytes each, rows from the top; must outlive the result
executor::InputPictures rgb_input(std::vector<std::span<const std::uint8_t>> pictures, int width,
                                  int height);

}  // namespace speciesnet
