// SPDX-License-Identifier: Apache-2.0
// Well-formed UTF-8, and how bytes that are none of it travel through JSON: as Python's
// surrogateescape has it, byte 0x80 to 0xff becomes the lone surrogate U+DC80 to U+DCFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// Bytes of the character that a text begins with; 0 if it does not begin with well-formed UTF-8.
std::size_t utf8_length(std::string_view text) noexcept;

/// Appends a character. @param code at most 0x10FFFF and no surrogate
void append_utf8(std::string& text, std::uint32_t code);

/// The lone surrogate that stands for a byte of 0x80 or more.
constexpr std::uint32_t surrogate_of_byte(std::uint8_t byte) noexcept {
    return 0xDC00U + byte;
}

/// The byte that a lone surrogate stands for, if it is one of those.
constexpr std::optional<std::uint8_t> byte_of_surrogate(std::uint32_t code) noexcept {
    if (code < 0xDC80U || code > 0xDCFFU) {
        return std::nullopt;
    }
    return static_cast<std::uint8_t>(code - 0xDC00U);
}

}  // namespace speciesnet
