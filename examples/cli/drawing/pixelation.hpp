// SPDX-License-Identifier: Apache-2.0
// Makes people irreversibly unrecognisable.
#pragma once

#include "canvas.hpp"

namespace speciesnet::cli {

/// Replaces an area by at most pixelation_blocks × pixelation_blocks squares of one colour each.
/// This is irreversible, because only the mean colours remain.
void pixelate(Canvas& canvas, const Rectangle& area);

/// So few that neither a face nor a figure can be recognised, whatever the size of the person in
/// the photo.
inline constexpr int pixelation_blocks = 6;

/// Minimum width of squares in pixels: a small figure becomes one or two.
inline constexpr int smallest_pixelation_block = 8;

}  // namespace speciesnet::cli
