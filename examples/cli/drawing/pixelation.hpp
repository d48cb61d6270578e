// SPDX-License-Identifier: Apache-2.0
// Makes people irreversibly unrecognisable.
#pragma once

#include "canvas.hpp"

namespace speciesnet::cli {

/// Replaces an area by at most pixelation_blocks × pixelation_blocks squares of one colour each.
/// What the squares hid cannot be computed back: nothing but their mean colours remains.
void pixelate(Canvas& canvas, const Rectangle& area);

/// So few that neither a face nor a figure can be recognised, however large the person is in the
/// photo.
inline constexpr int pixelation_blocks = 6;

/// Squares are at least so wide, in pixels: small figures become one or two.
inline constexpr int smallest_pixelation_block = 8;

}  // namespace speciesnet::cli
