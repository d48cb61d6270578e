// SPDX-License-Identifier: Apache-2.0
// A JSON document. Its values know their position, so that every error names its entry and field.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace speciesnet {

/// Where a value stands: a field of its parent, or an element. Lives on the stack of the reader.
struct JsonPlace {
    const JsonPlace* parent = nullptr;
    std::string_view field = {};
    std::size_t element = 0;

    /// For instance "predictions[3].detections[0].conf".
    std::string text() const;
};

/// A value and its place. To be read once, and at once: values come in the order of the document.
class JsonValue {
public:
    /// @param place must outlive this value
    JsonValue(simdjson::ondemand::value value, const JsonPlace& place)
        : value_(value), place_(&place) {}

    /// Throws InvalidArgument (json_content): the place, then `what`.
    [[noreturn]] void refuse(const std::string& what) const;

    bool is_null();
    /// Whether it is what Python's json and JavaScript write for a number that is none, NaN; that
    /// is not JSON. Leaves the value unread.
    bool is_not_a_number();
    /// Text, in which lone surrogates U+DC80 to U+DCFF have become the bytes they stand for.
    std::string text();
    /// A number; null is not-a-number.
    double number();
    bool truth();
    /// Calls `visit(JsonValue element)` for each element of a list.
    template <typename Visit>
    void for_each_element(Visit visit);
    /// Calls `visit(std::string_view name, JsonValue value)` for each field of an object.
    template <typename Visit>
    void for_each_field(Visit visit);
    /// Only checks that it is JSON of at most `depth` levels.
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
/// @param place of the root, where the text is a part of a greater document
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
