// SPDX-License-Identifier: Apache-2.0
// Splits lines as Python's universal newlines and str.strip() do, for ASCII white space.
#include "text/lines.hpp"

#include "text/encoding.hpp"

namespace speciesnet {
namespace {

std::string_view strip(std::string_view line) {
    constexpr std::string_view white_space = " \t\v\f\x1c\x1d\x1e\x1f";
    const auto first = line.find_first_not_of(white_space);
    if (first == std::string_view::npos) {
        return {};
    }
    return line.substr(first, line.find_last_not_of(white_space) - first + 1);
}

}  // namespace

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    text = without_byte_order_mark(text);
    while (!text.empty()) {
        const auto end = text.find_first_of("\r\n");
        lines.push_back(strip(text.substr(0, end)));
        if (end == std::string_view::npos) {
            break;
        }
        text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    return lines;
}

}  // namespace speciesnet
