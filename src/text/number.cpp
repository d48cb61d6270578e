// SPDX-License-Identifier: Apache-2.0
// std::to_chars finds the digits; the format follows Python's repr().
#include "text/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace speciesnet {
namespace {

/// Sign, all digits before the point, the point and 17 digits after it.
using Buffer = std::array<char, std::numeric_limits<double>::max_exponent10 + 32>;

}  // namespace

std::string number_text(double number) {
    Buffer buffer;
    auto* const begin = buffer.data();
    auto* const end = begin + buffer.size();
    const auto* const last = std::to_chars(begin, end, number, std::chars_format::scientific).ptr;
    const auto* const letter = std::find(begin, end, 'e');
    const bool negative = letter[1] == '-';
    int exponent = 0;
    std::from_chars(letter + 2, last, exponent);
    if (negative ? exponent > 4 : exponent >= 16) {
        return {begin, static_cast<std::size_t>(last - begin)};
    }
    std::string fixed(begin, std::to_chars(begin, end, number, std::chars_format::fixed).ptr);
    if (fixed.find('.') == std::string::npos) {
        fixed += ".0";
    }
    return fixed;
}

double rounded(double number, int decimals) {
    if (!std::isfinite(number)) {
        return number;
    }
    Buffer buffer;
    auto* const begin = buffer.data();
    const auto text =
        std::to_chars(begin, begin + buffer.size(), number, std::chars_format::fixed, decimals);
    double result = number;
    std::from_chars(begin, text.ptr, result);
    return result;
}

}  // namespace speciesnet
