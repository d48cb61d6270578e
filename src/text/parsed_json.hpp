// SPDX-License-Identifier: Apache-2.0
// A JSON document in memory, with a typed error if memory is exhausted.
#pragma once

#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

namespace speciesnet {

/// The destructors of nlohmann's values allocate, and end the process if an allocation fails. This
/// class empties values from the inside out first, so that no destructor allocates.
class ParsedJson {
public:
    using Json = nlohmann::json;

    /// The project's documents are less deep.
    static constexpr int most_levels = 64;

    /// @return nothing if the text is not JSON or has more levels
    static std::optional<ParsedJson> parse(std::string_view text);

    ParsedJson(ParsedJson&&) noexcept = default;
    ParsedJson& operator=(ParsedJson&&) = delete;
    ~ParsedJson();

    const Json& operator*() const noexcept { return value_; }
    const Json* operator->() const noexcept { return &value_; }

private:
    explicit ParsedJson(Json value) noexcept : value_(std::move(value)) {}

    Json value_;
};

}  // namespace speciesnet
