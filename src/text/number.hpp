// SPDX-License-Identifier: Apache-2.0
// Numbers as text, and texts as numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// Returns the shortest text that reads back as the same double, as Python's repr() writes it:
/// "0.1", "1.0", "1e-05". The number must be finite.
std::string number_text(double number);

/// Reads a decimal number, such as "-1.5" or "1e-3". Returns the nearest double.
/// @return nothing if a part of the text does not belong to the number, or if it is not finite
std::optional<double> parse_number(std::string_view text);

/// Returns a number rounded to `decimals` digits after the point, halves to even, as Python's
/// round() does.
/// @param decimals 0 to 17
double rounded(double number, int decimals);

}  // namespace speciesnet
