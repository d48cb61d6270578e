// SPDX-License-Identifier: Apache-2.0
// Refuses overlong forms, surrogates and code points above U+10FFFF.
#include "utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace speciesnet::cli {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Sequence {
    char32_t point;
    std::size_t length;
};

std::size_t sequence_length(unsigned char first) {
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
        return 0;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

bool is_allowed(char32_t point, std::size_t length) {
    if (length == 3) {
        return point >= 0x800 && (point < 0xD800 || point > 0xDFFF);
    }
    return length < 3 || (point >= 0x10000 && point <= 0x10FFFF);
}

Sequence first_sequence(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    const auto length = sequence_length(first);
    if (length == 0 || length > text.size()) {
        return {replacement, 1};
    }
    char32_t point = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80) {
            return {replacement, 1};
        }
        point = (point << 6U) | (next & 0x3FU);
    }
    return is_allowed(point, length) ? Sequence{point, length} : Sequence{replacement, 1};
}

void append(std::string& text, char32_t point) {
    const auto byte = [&text](char32_t value) { text += static_cast<char>(value); };
    if (point < 0x80) {
        byte(point);
        return;
    }
    if (point < 0x800) {
        byte(0xC0 | (point >> 6U));
    } else if (point < 0x10000) {
        byte(0xE0 | (point >> 12U));
        byte(0x80 | ((point >> 6U) & 0x3F));
    } else {
        byte(0xF0 | (point >> 18U));
        byte(0x80 | ((point >> 12U) & 0x3F));
        byte(0x80 | ((point >> 6U) & 0x3F));
    }
    byte(0x80 | (point & 0x3F));
}

/// Returns whether a character is a C0 or C1 control, or a mark that changes the direction of
/// writing, with which one name can imitate another.
bool is_control(char32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

}  // namespace

std::u32string code_points(std::string_view text) {
    std::u32string points;
    while (!text.empty()) {
        const auto [point, length] = first_sequence(text);
        points += point;
        text.remove_prefix(length);
    }
    return points;
}

std::string utf8(std::u32string_view points) {
    std::string text;
    for (const auto point : points) {
        append(text, point);
    }
    return text;
}

std::string valid_utf8(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string valid;
    while (!text.empty()) {
        const auto length = first_sequence(text).length;
        const auto byte = static_cast<unsigned char>(text.front());
        if (length == 1 && byte >= 0x80) {
            valid += {'\\', 'x', digits[byte >> 4U], digits[byte & 0xFU]};
        } else {
            valid += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
    return valid;
}

std::string printable(std::string_view text) {
    auto points = code_points(text);
    std::replace_if(points.begin(), points.end(), is_control, replacement);
    return utf8(points);
}

}  // namespace speciesnet::cli
