// SPDX-License-Identifier: Apache-2.0
// Implements table 3-7 of the Unicode standard, which lists well-formed byte sequences.
#include "text/utf8.hpp"

namespace speciesnet {
namespace {

struct Lead {
    std::size_t length = 0;                      ///< 0 for a byte that cannot start a character.
    std::uint8_t lowest = 0x80, highest = 0xBF;  ///< Range of the second byte.
};

Lead lead(std::uint8_t byte) noexcept {
    if (byte < 0x80) {
        return {1};
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        return {2};
    }
    switch (byte) {
        case 0xE0:
            return {3, 0xA0, 0xBF};
        case 0xED:
            return {3, 0x80, 0x9F};
        case 0xF0:
            return {4, 0x90, 0xBF};
        case 0xF4:
            return {4, 0x80, 0x8F};
        default:
            break;
    }
    if (byte >= 0xE1 && byte <= 0xEF) {
        return {3};
    }
    if (byte >= 0xF1 && byte <= 0xF3) {
        return {4};
    }
    return {0};
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
    if (text.empty()) {
        return 0;
    }
    const auto byte_at = [&](std::size_t index) { return static_cast<std::uint8_t>(text[index]); };
    auto [length, lowest, highest] = lead(byte_at(0));
    if (length > text.size()) {
        return 0;
    }
    for (std::size_t index = 1; index < length; ++index) {
        if (byte_at(index) < lowest || byte_at(index) > highest) {
            return 0;
        }
        lowest = 0x80;
        highest = 0xBF;
    }
    return length;
}

void append_utf8(std::string& text, std::uint32_t code) {
    const auto append = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80) {
        append(code);
        return;
    }
    if (code < 0x800) {
        append(0xC0U | (code >> 6U));
    } else {
        if (code < 0x10000) {
            append(0xE0U | (code >> 12U));
        } else {
            append(0xF0U | (code >> 18U));
            append(0x80U | ((code >> 12U) & 0x3FU));
        }
        append(0x80U | ((code >> 6U) & 0x3FU));
    }
    append(0x80U | (code & 0x3FU));
}

}  // namespace speciesnet
