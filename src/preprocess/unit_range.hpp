// SPDX-License-Identifier: Apache-2.0
// Converts bytes to 0..1, the input range of both networks.
#pragma once

#include <cstdint>
#include <span>

namespace speciesnet {

/// byte → byte/255 in the nearest float. (NumPy divides in double precision for the reference and
/// rounds then; for these numbers that gives the same floats.)
/// @param values as many as bytes
void to_unit_range(std::span<const std::uint8_t> bytes, float* values);

/// The same for pixels R, G, B, whose channels become three planes, one behind the other.
/// @param rgb    three bytes per pixel
/// @param planes as many as bytes
void to_unit_planes(std::span<const std::uint8_t> rgb, float* planes);

}  // namespace speciesnet
