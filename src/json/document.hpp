// SPDX-License-Identifier: Apache-2.0
// A JSON document. Its values know their position, so that each error names its entry and field.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace speciesnet {

/// The position of a value: a field of its parent, or an element. Lives on the reader's stack.
struct JsonPlace {
    const JsonPlace* parent = nullptr;
    std::string_view field = {};
    std::size_t element = 0;

    /// Returns, for instance, "predictions[3].detections[0].conf".
    std::string text() const;
};

/// A value and its position. Must be read only once and before the next value, in document order.
class JsonValue {
public:
    /// @param place must outlive this value
    JsonValue(simdjson::ondemand::value value, const JsonPlace& place)
        : value_(value), place_(&place) {}

    /// Throws InvalidArgument (json_content) with the position, then `what`.
    [[noreturn]] void refuse(const std::string& what) const;

    bool is_null();
    /// Returns whether the value is NaN as Python's json and JavaScript write it, which is not
    /// valid JSON. Does not consume the value.
    bool is_not_a_number();
    /// Returns text. Lone surrogates U+DC80 to U+DCFF become the bytes that they represent.
    std::string text();
    /// Returns a number; null becomes NaN.
    double number();
    bool truth();
    /// Calls `visit(JsonValue element)` for each element of a list.
    template <typename Visit>
    void for_each_element(Visit visit);
    /// Calls `visit(std::string_view name, JsonValue value)` for each field of an object.
    template <typename Visit>
    void for_each_field(Visit visit);
    /// Only checks that the value is JSON with at most `depth` levels.
    void skip(int depth = max_skipped_depth);

private:
    using Type = simdjson::ondemand::json_type;

    static constexpr int max_skipped_depth = 64;

    /// Throws InvalidArgument (json_syntax) if there was an error.
    void require(simdjson::error_code error) const;
    std::string_view token();
    Type type();
    void require_type(Type wanted, const char* name);
    std::string unescaped(const char* raw) const;

    simdjson::ondemand::value value_;
    const JsonPlace* place_;
};

/// Reads a document whose root is an object or a list.
/// @param place position of the root, if the text is part of a larger document
/// @throws InvalidArgument (json_syntax, json_content)
void read_document(std::string_view text, const std::function<void(JsonValue root)>& read,
                   const JsonPlace& place = {});

template <typename Visit>
void JsonValue::for_each_element(Visit visit) {
    require_type(Type::array, "a list");
    simdjson::ondemand::array array;
    require(value_.get_array().get(array));
    JsonPlace place{.parent = place_};
    for (auto element : array) {
        require(element.error());
        visit(JsonValue(element.value_unsafe(), place));
        ++place.element;
    }
}

template <typename Visit>
void JsonValue::for_each_field(Visit visit) {
    require_type(Type::object, "an object");
    simdjson::ondemand::object object;
    require(value_.get_object().get(object));
    for (auto field : object) {
        require(field.error());
        const std::string name = unescaped(field.key().value_unsafe().raw());
        const JsonPlace place{.parent = place_, .field = name};
        visit(std::string_view(name), JsonValue(field.value().value_unsafe(), place));
    }
}

}  // namespace speciesnet
