// SPDX-License-Identifier: Apache-2.0
// Converts RGB images to the input of a network, in the range 0 to 1.
#pragma once

#include "executor/plan_run.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace speciesnet {

/// Converts each byte to byte/255, rounded to the nearest float. (For the reference, NumPy divides
/// in double precision and then rounds; for these values the result is the same.)
/// @param values one for each byte
void to_unit_range(std::span<const std::uint8_t> bytes, float* values);

/// Returns images of one size as an input whose rows are converted when the network reads them.
/// @param pictures width·height·3 bytes each, rows from the top; must outlive the result
executor::InputPictures rgb_input(std::vector<std::span<const std::uint8_t>> pictures, int width,
                                  int height);

}  // namespace speciesnet
