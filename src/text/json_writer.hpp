// SPDX-License-Identifier: Apache-2.0
// Writes JSON text piece by piece, for the library, its command line and its server. The programs
// compile it themselves, because the library does not export it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace speciesnet {

/// Writes one JSON value, byte for byte as Python's `json.dumps(…, ensure_ascii=False)` does with
/// the same indentation (without indentation: `separators=(",", ":")`), except that numbers that
/// are not finite become null.
///
///     JsonWriter writer;
///     writer.begin_object();
///     writer.key("score").value(0.5);
///     writer.end_object();
///     std::cout << writer.text();
///
/// The caller ensures a valid order: in an object a key before each value, and matching begins and
/// ends. Not thread-safe.
class JsonWriter {
public:
    /// What replaces bytes that are not UTF-8.
    enum class BrokenText : std::uint8_t {
        escape,   ///< Escapes U+DC80 to U+DCFF, Python's surrogateescape: preserves any path.
        replace,  ///< One U+FFFD each, which every JSON reader accepts.
    };

    /// @param indent   spaces for each level; 0 writes one line
    /// @param decimals digits after the point of numbers, 0 to 17; nothing writes the shortest text
    ///                 that reads back as the same double
    /// @throws InvalidArgument for other values
    explicit JsonWriter(int indent = 0, std::optional<int> decimals = std::nullopt,
                        BrokenText broken = BrokenText::escape);

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();

    /// Writes the name of the next value.
    JsonWriter& key(std::string_view name);

    /// Writes text.
    JsonWriter& value(std::string_view text);
    /// Writes text. Without this overload, a pointer would be converted to true.
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    /// Writes a number, with a point or an exponent.
    JsonWriter& value(double number);
    /// Writes a whole number.
    JsonWriter& value(std::size_t number);
    /// Writes true or false.
    JsonWriter& value(bool truth);
    /// Writes null.
    JsonWriter& null();

    /// Returns the text written so far.
    const std::string& text() const noexcept { return text_; }

    /// Returns the text written so far and clears it; writing continues after it.
    std::string take() { return std::exchange(text_, {}); }

private:
    void begin_value();
    void begin_line();
    JsonWriter& begin(char bracket);
    JsonWriter& end(char bracket);

    std::string text_;
    int indent_;
    std::optional<int> decimals_;
    BrokenText broken_;
    /// For each open object or array, whether it already has an element.
    std::vector<bool> has_elements_;
    bool after_key_ = false;
};

}  // namespace speciesnet
