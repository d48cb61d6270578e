// SPDX-License-Identifier: Apache-2.0
// Untrusted texts: byte order marks and encodings other than UTF-8.
#pragma once

#include <optional>
#include <string_view>

namespace speciesnet {

/// A text without the byte order mark that some programs put in front of UTF-8.
std::string_view without_byte_order_mark(std::string_view text) noexcept;

/// The encoding of a text that is not UTF-8, by its byte order mark or, for texts that begin with
/// ASCII, by their zero bytes: "UTF-16", "UTF-32".
/// @return nothing if it may be UTF-8
std::optional<std::string_view> foreign_encoding(std::string_view text) noexcept;

}  // namespace speciesnet
