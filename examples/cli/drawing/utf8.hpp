// SPDX-License-Identifier: Apache-2.0
// Converts text between UTF-8 and code points, and makes untrusted text safe.
#pragma once

#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Returns the code points of a text. Each invalid byte becomes U+FFFD.
std::u32string code_points(std::string_view text);

/// Returns the text as UTF-8.
std::string utf8(std::u32string_view points);

/// Returns the text as valid UTF-8: invalid bytes become "\\xE9", so that documents with it are
/// valid.
std::string valid_utf8(std::string_view text);

/// Returns the text as valid UTF-8 without control characters: those and invalid bytes become
/// U+FFFD. For terminals and documents.
std::string printable(std::string_view text);

}  // namespace speciesnet::cli
