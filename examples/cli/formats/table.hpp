// SPDX-License-Identifier: Apache-2.0
// The interface of tables that are written row by row.
#pragma once

#include "speciesnet/metadata.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Names of a table's columns, as its first row has them.
using Columns = std::vector<std::string_view>;

/// Receives the fields of a row from left to right, then its end.
class Table {
public:
    virtual ~Table() = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    /// Adds a field to the row in work; bytes that are no UTF-8 as valid_utf8() has them.
    virtual Table& field(std::string_view text) = 0;
    Table& field(const char* text) { return field(std::string_view(text)); }
    /// A number with at most `decimals` digits behind the point; one that is not finite is blank.
    virtual Table& field(double number, int decimals) = 0;
    virtual Table& field(std::size_t number) = 0;
    /// What the camera's clock showed.
    virtual Table& field(const CaptureTime& time) = 0;
    template <typename Value>
    Table& field(const std::optional<Value>& value) {
        return value ? field(*value) : blank_fields(1);
    }
    Table& field(const std::optional<double>& value, int decimals) {
        return value ? field(*value, decimals) : blank_fields(1);
    }
    /// Fields that nothing is known of.
    virtual Table& blank_fields(std::size_t count) = 0;

    /// Ends the row. @throws IoError
    virtual void end_row() = 0;

protected:
    Table() = default;
};

}  // namespace speciesnet::cli
