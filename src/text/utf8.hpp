// SPDX-License-Identifier: Apache-2.0
// Handles well-formed UTF-8, and other bytes in JSON: as in Python's surrogateescape, byte 0x80 to
// 0xff becomes the lone surrogate U+DC80 to U+DCFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// Returns the bytes of the first character; 0 if the text does not start with well-formed UTF-8.
std::size_t utf8_length(std::string_view text) noexcept;

/// Appends a character. @param code at most 0x10FFFF and not a surrogate
void append_utf8(std::string& text, std::uint32_t code);

/// Returns the lone surrogate that represents a byte of 0x80 or more.
constexpr std::uint32_t surrogate_of_byte(std::uint8_t byte) noexcept {
    return 0xDC00U + byte;
}

/// Returns the byte that a lone surrogate represents, if it is one of those.
constexpr std::optional<std::uint8_t> byte_of_surrogate(std::uint32_t code) noexcept {
    if (code < 0xDC80U || code > 0xDCFFU) {
        return std::nullopt;
    }
    return static_cast<std::uint8_t>(code - 0xDC00U);
}

}  // namespace speciesnet
