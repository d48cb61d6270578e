// SPDX-License-Identifier: Apache-2.0
// Follows the rules of Windows, which forbids the most names.
#include "portable_name.hpp"

#include "drawing/utf8.hpp"

#include <algorithm>

namespace speciesnet::cli {

std::string portable_name(std::string_view text) {
    static constexpr std::string_view forbidden = "/\\:*?\"<>|";
    auto name = printable(text);
    std::replace_if(
        name.begin(), name.end(),
        [](char character) { return forbidden.find(character) != std::string_view::npos; }, '_');
    const auto is_dot_or_blank = [](char character) {
        return character == '.' || character == ' ';
    };
    while (!name.empty() && is_dot_or_blank(name.back())) {
        name.pop_back();
    }
    name.erase(name.begin(), std::find_if_not(name.begin(), name.end(), is_dot_or_blank));
    return name.empty() ? "_" : name;
}

}  // namespace speciesnet::cli
