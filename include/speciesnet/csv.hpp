// SPDX-License-Identifier: Apache-2.0
// Reads tables of comma-separated values, as spreadsheets and R write them.
#pragma once

#include "speciesnet/export.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet {

/// One row of a table.
struct CsvRow {
    std::vector<std::string> fields;  ///< At least one.
    std::size_t line = 1;             ///< Where the row begins, from 1.

    friend bool operator==(const CsvRow&, const CsvRow&) = default;
};

/// Reads RFC 4180: fields in double quotes may hold separators, quotes (doubled) and line ends. The
/// separator is the first of comma, semicolon and tab that the first line has outside quotes. A
/// byte order mark and empty lines are skipped.
/// @param text UTF-8
/// @throws InvalidArgument naming the line whose quotes never close
/// @since 0.1.0
SPECIESNET_EXPORT std::vector<CsvRow> read_csv(std::string_view text);

}  // namespace speciesnet
