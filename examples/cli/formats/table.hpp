// SPDX-License-Identifier: Apache-2.0
// The interface of tables that are written row by row.
#pragma once

#include "speciesnet/metadata.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Names of a table's columns, for the first row.
using Columns = std::vector<std::string_view>;

/// Receives the fields of a row from left to right, then its end.
class Table {
public:
    virtual ~Table() = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    /// Adds a field to the current row. valid_utf8() replaces bytes that are not UTF-8.
    virtual Table& field(std::string_view text) = 0;
    Table& field(const char* text) { return field(std::string_view(text)); }
    /// Adds a number with at most `decimals` digits after the point; blank if it is not finite.
    virtual Table& field(double number, int decimals) = 0;
    virtual Table& field(std::size_t number) = 0;
    /// Adds a time by the camera's clock.
    virtual Table& field(const CaptureTime& time) = 0;
    template <typename Value>
    Table& field(const std::optional<Value>& value) {
        return value ? field(*value) : blank_fields(1);
    }
    Table& field(const std::optional<double>& value, int decimals) {
        return value ? field(*value, decimals) : blank_fields(1);
    }
    /// Adds blank fields.
    virtual Table& blank_fields(std::size_t count) = 0;

    /// Ends the row. @throws IoError
    virtual void end_row() = 0;

protected:
    Table() = default;
};

}  // namespace speciesnet::cli
