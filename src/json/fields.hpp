// SPDX-License-Identifier: Apache-2.0
// Tables of an object's fields: the name and destination of each.
#pragma once

#include "json/document.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

inline void read(JsonValue value, std::string& target) {
    target = value.text();
}
inline void read(JsonValue value, double& target) {
    target = value.number();
}
inline void read(JsonValue value, bool& target) {
    target = value.truth();
}
template <typename Value>
void read(JsonValue value, std::vector<Value>& target) {
    target.clear();
    value.for_each_element([&](JsonValue element) { read(element, target.emplace_back()); });
}
template <typename Value>
void read(JsonValue value, std::optional<Value>& target) {
    read(value, target.emplace());
}

/// Whether a field is required. An optional field may also be null; unknown_if_nan also allows NaN.
enum class Presence { required, optional, unknown_if_nan };

/// Reads one field of an object into a target.
template <typename Target>
struct JsonField {
    std::string_view name;
    Presence presence = Presence::optional;
    void (*read)(JsonValue value, Target& target) = nullptr;
};

template <typename Member>
struct MemberOf;
template <typename Target, typename Value>
struct MemberOf<Value Target::*> {
    using Class = Target;
};

/// A field that is read into a member, by the overload of read() for its type.
template <auto member>
constexpr auto field(std::string_view name, Presence presence) {
    using Target = typename MemberOf<decltype(member)>::Class;
    return JsonField<Target>{name, presence,
                             [](JsonValue value, Target& target) { read(value, target.*member); }};
}

/// Reads an object and skips fields that are not in the table.
/// @throws InvalidArgument if a required field is missing or a field occurs twice
template <typename Target, std::size_t count>
void read_object(JsonValue object, const std::array<JsonField<Target>, count>& fields,
                 Target& target) {
    std::bitset<count> found;
    object.for_each_field([&](std::string_view name, JsonValue value) {
        const auto field = std::find_if(fields.begin(), fields.end(),
                                        [&](const auto& one) { return one.name == name; });
        if (field == fields.end()) {
            value.skip();
            return;
        }
        const auto index = static_cast<std::size_t>(field - fields.begin());
        if (found[index]) {
            value.refuse("appears twice");
        }
        found[index] = true;
        if (field->presence == Presence::unknown_if_nan && value.is_not_a_number()) {
            return;
        }
        if (field->presence == Presence::required || !value.is_null()) {
            field->read(value, target);
        }
    });
    for (std::size_t index = 0; index < count; ++index) {
        if (fields[index].presence == Presence::required && !found[index]) {
            object.refuse("has no \"" + std::string(fields[index].name) + '"');
        }
    }
}

/// Reads one of several values by name.
template <typename Value, std::size_t count, typename NameOf>
void read_name(JsonValue value, const std::array<Value, count>& values, NameOf name_of,
               Value& target) {
    const auto text = value.text();
    const auto found = std::find_if(values.begin(), values.end(),
                                    [&](const Value& one) { return name_of(one) == text; });
    if (found == values.end()) {
        constexpr std::size_t enough = 64;
        value.refuse("is \"" + text.substr(0, enough) + "\", which is not a known value");
    }
    target = *found;
}

}  // namespace speciesnet
