// SPDX-License-Identifier: Apache-2.0
// Text as code points.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// The code points of a text. What is not UTF-8 becomes U+FFFD, byte by byte.
std::u32string code_points(std::string_view text);

/// The same text as UTF-8.
std::string utf8(std::u32string_view points);

/// The same text where it is UTF-8; other bytes as "\\xE9", so that every document with it is
/// valid.
std::string valid_utf8(std::string_view text);

/// A text that is UTF-8 surely, without control characters: those, and what is not UTF-8, become
/// U+FFFD. For terminals and documents.
std::string printable(std::string_view text);

}  // namespace speciesnet::cli
