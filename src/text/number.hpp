// SPDX-License-Identifier: Apache-2.0
// Formats numbers as Python does.
#pragma once

#include <string>

namespace speciesnet {

/// Returns the shortest text that reads back as the same double, as Python's repr() writes it:
/// "0.1", "1.0", "1e-05". The number must be finite.
std::string number_text(double number);

/// Returns a number rounded to `decimals` digits after the point, halves to even, as Python's
/// round() does.
/// @param decimals 0 to 17
double rounded(double number, int decimals);

}  // namespace speciesnet
