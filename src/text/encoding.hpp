// SPDX-License-Identifier: Apache-2.0
// Detects byte order marks and encodings other than UTF-8 in untrusted texts.
#pragma once

#include <optional>
#include <string_view>

namespace speciesnet {

/// Returns a text without the byte order mark that some programs write before UTF-8.
std::string_view without_byte_order_mark(std::string_view text) noexcept;

/// Returns the encoding of a text that is not UTF-8, "UTF-16" or "UTF-32", by its byte order mark
/// or, for texts that start with ASCII, by their zero bytes.
/// @return nothing if it may be UTF-8
std::optional<std::string_view> foreign_encoding(std::string_view text) noexcept;

}  // namespace speciesnet
