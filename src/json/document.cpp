// SPDX-License-Identifier: Apache-2.0
// Checks types, decodes escapes, and reports errors with their position.
#include "json/document.hpp"

#include "speciesnet/error.hpp"

#include "text/encoding.hpp"
#include "text/utf8.hpp"

#include <charconv>
#include <limits>
#include <optional>

namespace speciesnet {
namespace {

/// Maximum length of a name in an error.
constexpr std::size_t max_name = 64;

[[noreturn]] void throw_syntax(const JsonPlace& where, const std::string& what) {
    const auto place = where.text();
    throw InvalidArgument("not JSON: " + (place.empty() ? "" : place + ": ") + what,
                          ErrorCode::json_syntax);
}

[[noreturn]] void throw_content(const JsonPlace& where, const std::string& what) {
    const auto place = where.text();
    throw InvalidArgument((place.empty() ? "the document" : place) + ' ' + what,
                          ErrorCode::json_content);
}

bool is_high_surrogate(std::uint32_t code) {
    return code >= 0xD800 && code < 0xDC00;
}
bool is_low_surrogate(std::uint32_t code) {
    return code >= 0xDC00 && code < 0xE000;
}

/// Returns the code of the four hexadecimal digits at the start of a text.
std::optional<std::uint32_t> hexadecimal(const char* digits) {
    std::uint32_t code = 0;
    const auto result = std::from_chars(digits, digits + 4, code, 16);
    return result.ptr == digits + 4 ? std::optional(code) : std::nullopt;
}

/// Appends the character that \uXXXX represents, with its second half if it is a surrogate pair.
/// @param digits moved past the characters read
/// @return false if it represents no character
bool append_code(std::string& text, const char*& digits) {
    auto code = hexadecimal(digits);
    if (!code) {
        return false;
    }
    digits += 4;
    if (is_high_surrogate(*code)) {
        const auto low = digits[0] == '\\' && digits[1] == 'u' ? hexadecimal(digits + 2) : code;
        if (!low || !is_low_surrogate(*low)) {
            return false;
        }
        digits += 6;
        code = 0x10000U + ((*code - 0xD800U) << 10U) + (*low - 0xDC00U);
    } else if (is_low_surrogate(*code)) {
        const auto byte = byte_of_surrogate(*code);
        if (byte) {
            text += static_cast<char>(*byte);
        }
        return byte.has_value();
    }
    append_utf8(text, *code);
    return true;
}

}  // namespace

std::string JsonPlace::text() const {
    if (parent == nullptr) {
        return {};
    }
    auto before = parent->text();
    if (field.data() == nullptr) {
        return before + '[' + std::to_string(element) + ']';
    }
    return before + (before.empty() ? "" : ".") + std::string(field.substr(0, max_name));
}

void JsonValue::refuse(const std::string& what) const {
    throw_content(*place_, what);
}

void JsonValue::require(simdjson::error_code error) const {
    if (error != simdjson::SUCCESS) {
        throw_syntax(*place_, simdjson::error_message(error));
    }
}

/// Returns the first characters of a value, as in the text.
std::string_view JsonValue::token() {
    return value_.raw_json_token();
}

bool JsonValue::is_not_a_number() {
    return token().starts_with("NaN");
}

JsonValue::Type JsonValue::type() {
    const auto first = token();
    for (const std::string_view name : {"NaN", "Infinity", "-Infinity"}) {
        if (first.starts_with(name)) {
            throw_syntax(*place_, std::string(name) +
                                      " is not a JSON number; leave the field out, or write null");
        }
    }
    Type type{};
    require(value_.type().get(type));
    return type;
}

void JsonValue::require_type(Type wanted, const char* name) {
    if (type() != wanted) {
        refuse(std::string("is not ") + name);
    }
}

bool JsonValue::is_null() {
    if (type() != Type::null) {
        return false;
    }
    bool null = false;
    require(value_.is_null().get(null));
    if (!null) {
        require(simdjson::N_ATOM_ERROR);
    }
    return true;
}

std::string JsonValue::text() {
    require_type(Type::string, "a string");
    simdjson::ondemand::raw_json_string raw;
    require(value_.get_raw_json_string().get(raw));
    return unescaped(raw.raw());
}

double JsonValue::number() {
    if (is_null()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    require_type(Type::number, "a number");
    double number = 0;
    if (value_.get_double().get(number) != simdjson::SUCCESS) {
        refuse("is not a number that fits a double");
    }
    return number;
}

bool JsonValue::truth() {
    require_type(Type::boolean, "true or false");
    bool truth = false;
    require(value_.get_bool().get(truth));
    return truth;
}

void JsonValue::skip(int depth) {
    if (depth == 0) {
        refuse("is nested too deeply");
    }
    switch (type()) {
        case Type::array:
            for_each_element([depth](JsonValue element) { element.skip(depth - 1); });
            break;
        case Type::object:
            for_each_field([depth](std::string_view, JsonValue value) { value.skip(depth - 1); });
            break;
        case Type::string:
            text();
            break;
        case Type::boolean:
            truth();
            break;
        default:
            number();
    }
}

/// @param raw the text after the opening quote; the parser has verified the closing quote and UTF-8
std::string JsonValue::unescaped(const char* raw) const {
    std::string text;
    while (*raw != '"') {
        if (*raw != '\\') {
            text += *raw++;
            continue;
        }
        constexpr std::string_view letters = "\"\\/bfnrtu";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        const auto index = letters.find(raw[1]);
        raw += 2;
        if (index < meanings.size()) {
            text += meanings[index];
        } else if (index == std::string_view::npos || !append_code(text, raw)) {
            require(simdjson::STRING_ERROR);
        }
    }
    return text;
}

void read_document(std::string_view text, const std::function<void(JsonValue root)>& read,
                   const JsonPlace& place) {
    if (const auto encoding = foreign_encoding(text)) {
        throw_syntax(place, "the text is " + std::string(*encoding) + "; save it as UTF-8");
    }
    const simdjson::padded_string padded(without_byte_order_mark(text));
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    const auto require = [&place](simdjson::error_code error) {
        if (error != simdjson::SUCCESS) {
            throw_syntax(place, simdjson::error_message(error));
        }
    };
    require(parser.iterate(padded).get(document));
    simdjson::ondemand::value root;
    const auto error = document.get_value().get(root);
    if (error == simdjson::SCALAR_DOCUMENT_AS_VALUE) {
        throw_content(place, "is not an object");
    }
    require(error);
    read(JsonValue(root, place));
    if (document.current_location().error() == simdjson::SUCCESS) {
        throw_syntax(place, "there is text after the end of the document");
    }
}

}  // namespace speciesnet
