// SPDX-License-Identifier: Apache-2.0
#include "text/parsed_json.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet {
namespace {

/// Returns the maximum depth of nested objects and lists.
int levels_of(std::string_view text) noexcept {
    int open = 0;
    int most = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char letter = text[at];
        if (in_string && letter == '\\') {
            ++at;
        } else if (letter == '"') {
            in_string = !in_string;
        } else if (!in_string && (letter == '{' || letter == '[')) {
            most = std::max(most, ++open);
        } else if (!in_string && (letter == '}' || letter == ']')) {
            --open;
        }
    }
    return most;
}

/// @param value has at most most_levels levels, so recursion is safe
void empty(nlohmann::json& value) noexcept {
    if (value.is_object() || value.is_array()) {
        for (auto& child : value) {
            empty(child);
        }
        value.clear();
    }
}

}  // namespace

std::optional<ParsedJson> ParsedJson::parse(std::string_view text) {
    if (levels_of(text) > most_levels) {
        return std::nullopt;
    }
    auto value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    return value.is_discarded() ? std::nullopt : std::optional(ParsedJson(std::move(value)));
}

ParsedJson::~ParsedJson() {
    empty(value_);
}

}  // namespace speciesnet
