// SPDX-License-Identifier: Apache-2.0
// std::to_chars finds the digits; the format of number_text() follows Python's repr().
#include "text/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#ifdef _LIBCPP_VERSION
#include <cerrno>
#include <cstdlib>
#ifdef __APPLE__
#include <xlocale.h>
#else
#include <clocale>
#endif
#endif

namespace speciesnet {
namespace {

/// Sign, all digits before the point, the point and 17 digits after it.
using Buffer = std::array<char, std::numeric_limits<double>::max_exponent10 + 32>;

#ifdef _LIBCPP_VERSION
// libc++ has std::from_chars for floating-point numbers since version 20 only.
std::from_chars_result read(const char* begin, const char* end, double& number) {
    static const auto c_locale = newlocale(LC_ALL_MASK, "C", nullptr);
    const std::string text(begin, end);
    char* last = nullptr;
    errno = 0;
    number = strtod_l(text.c_str(), &last, c_locale);
    return {begin + (last - text.c_str()), errno == 0 ? std::errc() : std::errc(errno)};
}
#else
std::from_chars_result read(const char* begin, const char* end, double& number) {
    return std::from_chars(begin, end, number);
}
#endif

}  // namespace

std::optional<double> parse_number(std::string_view text) {
    // Leaves out infinities, and what strtod() alone takes for a number.
    if (text.starts_with('+') || text.find_first_not_of("0123456789.eE+-") != text.npos) {
        return std::nullopt;
    }
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [last, error] = read(text.data(), end, number);
    return error == std::errc() && last == end && !text.empty() ? std::optional(number)
                                                                : std::nullopt;
}

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
    read(begin, text.ptr, result);
    return result;
}

}  // namespace speciesnet
