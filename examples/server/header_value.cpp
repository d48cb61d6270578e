// SPDX-License-Identifier: Apache-2.0
// Parses header parameters in a single pass.
#include "header_value.hpp"

#include <algorithm>

namespace server {
namespace {

/// Reads a quoted string from after its opening quote. A backslash escapes only a quote or a
/// backslash: some clients send Windows paths unescaped.
std::string read_quoted(std::string_view& rest) {
    std::string value;
    while (!rest.empty() && rest.front() != '"') {
        if (rest.front() == '\\' && rest.size() > 1 && (rest[1] == '"' || rest[1] == '\\')) {
            rest.remove_prefix(1);
        }
        value += rest.front();
        rest.remove_prefix(1);
    }
    rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
    return value;
}

std::string_view read_until(std::string_view& rest, std::string_view stops) {
    const auto length = std::min(rest.find_first_of(stops), rest.size());
    const auto text = rest.substr(0, length);
    rest.remove_prefix(length);
    return text;
}

}  // namespace

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string media_type(std::string_view header) {
    return lower(trim(header.substr(0, header.find(';'))));
}

std::optional<std::string> parameter(std::string_view header, std::string_view name) {
    std::string_view rest = header;
    read_until(rest, ";");
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto key = lower(trim(read_until(rest, "=;")));
        std::string value;
        if (rest.starts_with('=')) {
            rest.remove_prefix(1);
            rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
            if (rest.starts_with('"')) {
                rest.remove_prefix(1);
                value = read_quoted(rest);
                read_until(rest, ";");
            } else {
                value = trim(read_until(rest, ";"));
            }
        }
        if (key == name) {
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace server
