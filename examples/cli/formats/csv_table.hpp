// SPDX-License-Identifier: Apache-2.0
// Tables as RFC 4180 has them.
#pragma once

#include "atomic_file.hpp"

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// A text in quotes, with its own quotes doubled.
std::string csv_quoted(std::string_view text);

/// Writes a table row by row; fields with commas, quotes or line ends are quoted.
class CsvTable {
public:
    /// @throws IoError
    CsvTable(const std::filesystem::path& file, std::initializer_list<std::string_view> columns);

    /// Adds a field to the row in work; bytes that are no UTF-8 as valid_utf8() has them.
    CsvTable& field(std::string_view text);
    CsvTable& field(const char* text) { return field(std::string_view(text)); }
    /// Numbers with at most `decimals` digits behind the point.
    CsvTable& field(double number, int decimals);
    CsvTable& field(std::size_t number);
    template <typename Value>
    CsvTable& field(const std::optional<Value>& value) {
        return value ? field(*value) : field("");
    }
    CsvTable& field(const std::optional<double>& value, int decimals) {
        return value ? field(*value, decimals) : field("");
    }
    /// Fields that nothing is known of.
    CsvTable& blank_fields(std::size_t count);

    /// Ends the row. @throws IoError
    void end_row();

    /// @throws IoError
    void publish() { file_.publish(); }

private:
    AtomicFile file_;
    std::string row_;
};

}  // namespace speciesnet::cli
