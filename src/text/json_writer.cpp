// SPDX-License-Identifier: Apache-2.0
// Brackets, commas and escapes.
#include "text/json_writer.hpp"

#include "speciesnet/error.hpp"

#include "text/number.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace speciesnet {
namespace {

constexpr int max_decimals = 17;

/// Appends \u and the four hexadecimal digits of a code.
void append_escape(std::string& text, std::uint32_t code) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += "\\u";
    for (const std::uint32_t shift : {12U, 8U, 4U, 0U}) {
        text += digits[(code >> shift) & 0xFU];
    }
}

void append_control(std::string& text, char control) {
    switch (control) {
        case '\b':
            text += "\\b";
            break;
        case '\t':
            text += "\\t";
            break;
        case '\n':
            text += "\\n";
            break;
        case '\f':
            text += "\\f";
            break;
        case '\r':
            text += "\\r";
            break;
        default:
            append_escape(text, static_cast<unsigned char>(control));
    }
}

/// Returns whether a letter is ASCII that needs no escape.
bool is_plain(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte >= 0x20 && byte < 0x80 && letter != '"' && letter != '\\';
}

/// Appends the first character of a text, which is not plain.
/// @return the number of its bytes
std::size_t append_special(std::string& text, std::string_view rest,
                           JsonWriter::BrokenText broken) {
    constexpr std::uint32_t replacement = 0xFFFD;
    const char first = rest.front();
    const auto length = utf8_length(rest);
    if (length == 0) {
        if (broken == JsonWriter::BrokenText::replace) {
            append_utf8(text, replacement);
        } else {
            append_escape(text, surrogate_of_byte(static_cast<std::uint8_t>(first)));
        }
        return 1;
    }
    if (first == '"' || first == '\\') {
        text.append(1, '\\').append(1, first);
    } else if (length == 1) {
        append_control(text, first);
    } else {
        text += rest.substr(0, length);
    }
    return length;
}

}  // namespace

JsonWriter::JsonWriter(int indent, std::optional<int> decimals, BrokenText broken)
    : indent_(indent), decimals_(decimals), broken_(broken) {
    if (indent < 0) {
        throw InvalidArgument("an indentation of " + std::to_string(indent) + " spaces");
    }
    if (decimals && (*decimals < 0 || *decimals > max_decimals)) {
        throw InvalidArgument(std::to_string(*decimals) + " decimals, not 0 to " +
                              std::to_string(max_decimals));
    }
}

JsonWriter& JsonWriter::begin_object() {
    return begin('{');
}
JsonWriter& JsonWriter::end_object() {
    return end('}');
}
JsonWriter& JsonWriter::begin_array() {
    return begin('[');
}
JsonWriter& JsonWriter::end_array() {
    return end(']');
}

JsonWriter& JsonWriter::key(std::string_view name) {
    value(name);
    text_ += indent_ == 0 ? ":" : ": ";
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    begin_value();
    text_ += '"';
    while (!text.empty()) {
        const auto plain = std::find_if_not(text.begin(), text.end(), is_plain);
        text_.append(text.begin(), plain);
        text.remove_prefix(static_cast<std::size_t>(plain - text.begin()));
        if (!text.empty()) {
            text.remove_prefix(append_special(text_, text, broken_));
        }
    }
    text_ += '"';
    return *this;
}

JsonWriter& JsonWriter::value(double number) {
    if (!std::isfinite(number)) {
        return null();
    }
    begin_value();
    text_ += number_text(decimals_ ? rounded(number, *decimals_) : number);
    return *this;
}

JsonWriter& JsonWriter::value(std::size_t number) {
    begin_value();
    text_ += std::to_string(number);
    return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
    begin_value();
    text_ += truth ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null() {
    begin_value();
    text_ += "null";
    return *this;
}

/// Writes the separator between this value and the preceding text.
void JsonWriter::begin_value() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (has_elements_.empty()) {
        return;
    }
    if (has_elements_.back()) {
        text_ += ',';
    }
    has_elements_.back() = true;
    begin_line();
}

void JsonWriter::begin_line() {
    if (indent_ != 0) {
        text_ += '\n';
        text_.append(has_elements_.size() * static_cast<std::size_t>(indent_), ' ');
    }
}

JsonWriter& JsonWriter::begin(char bracket) {
    begin_value();
    text_ += bracket;
    has_elements_.push_back(false);
    return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
    const bool empty = !has_elements_.back();
    has_elements_.pop_back();
    if (!empty) {
        begin_line();
    }
    text_ += bracket;
    return *this;
}

}  // namespace speciesnet
