// SPDX-License-Identifier: Apache-2.0
// Reads CSV tables, as written by spreadsheets and R.
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
    std::size_t line = 1;             ///< Number of its first line, from 1.

    friend bool operator==(const CsvRow&, const CsvRow&) = default;
};

/// Reads RFC 4180: quoted fields may contain separators, doubled quotes and line ends. The
/// separator is the first comma, semicolon or tab outside quotes in the first line. A
/// byte order mark and empty lines are skipped.
/// @param text UTF-8
/// @throws InvalidArgument naming the line of an unclosed quote
/// @since 0.1.0
SPECIESNET_EXPORT std::vector<CsvRow> read_csv(std::string_view text);

}  // namespace speciesnet
