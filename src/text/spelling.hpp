// SPDX-License-Identifier: Apache-2.0
// Compares names that users typed: ignores case and accents, and measures typing errors.
#pragma once

#include <cstddef>
#include <string_view>

namespace speciesnet {

/// A text without blanks, tabs and line ends at both ends.
std::string_view stripped(std::string_view text) noexcept;

/// A letter of ASCII in lower case; other bytes as they are.
char lower(char letter) noexcept;

/// The letter below the accent of a character of U+00C0 to U+00FF, in lower case.
/// @param second its second byte in UTF-8; the first is 0xC3
/// @return '.' where there is none
char without_accent(unsigned char second) noexcept;

/// How many slips of the pen lie between two texts, in halves: two letters that changed places are
/// one half, as that happens most.
std::size_t slips(std::string_view from, std::string_view to);

}  // namespace speciesnet
