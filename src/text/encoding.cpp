// SPDX-License-Identifier: Apache-2.0
// The encoding is detected from the first four bytes.
#include "text/encoding.hpp"

namespace speciesnet {

using namespace std::string_view_literals;

std::string_view without_byte_order_mark(std::string_view text) noexcept {
    constexpr auto mark = "\xEF\xBB\xBF"sv;
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

std::optional<std::string_view> foreign_encoding(std::string_view text) noexcept {
    const auto zero = [text](std::size_t index) { return index < text.size() && text[index] == 0; };
    if (text.starts_with("\xFF\xFE\0\0"sv) || text.starts_with("\0\0\xFE\xFF"sv) ||
        (zero(1) && zero(2) && zero(3)) || (zero(0) && zero(1) && zero(2))) {
        return "UTF-32"sv;
    }
    if (text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv) || zero(0) || zero(1)) {
        return "UTF-16"sv;
    }
    return std::nullopt;
}

}  // namespace speciesnet
