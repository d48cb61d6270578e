// SPDX-License-Identifier: Apache-2.0
// Compares names typed by users: ignores case and accents, and measures typing errors.
#pragma once

#include <cstddef>
#include <string_view>

namespace speciesnet {

/// Returns a text without leading and trailing blanks, tabs and line ends.
std::string_view stripped(std::string_view text) noexcept;

/// Converts an ASCII letter to lower case; other bytes stay the same.
char lower(char letter) noexcept;

/// Returns the base letter of a character of U+00C0 to U+00FF, in lower case.
/// @param second its second byte in UTF-8; the first is 0xC3
/// @return '.' if it has none
char without_accent(unsigned char second) noexcept;

/// Returns the distance between two texts in half typing errors: two transposed letters count as
/// one half, because that error is the most frequent.
/// @return at most `most` + 1, which stands for any greater distance
std::size_t slips(std::string_view from, std::string_view to, std::size_t most);

}  // namespace speciesnet
