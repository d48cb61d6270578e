// SPDX-License-Identifier: Apache-2.0
// Tables of comma-separated values, as spreadsheets and R write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

using CsvRow = std::vector<std::string>;

/// Reads RFC 4180: fields in double quotes may hold separators, quotes (doubled) and line ends. The
/// separator is the first of comma, semicolon and tab that the first line has outside quotes. A
/// byte order mark and empty lines are skipped.
/// @throws InvalidArgument naming the line whose quotes never close
std::vector<CsvRow> read_csv(std::string_view text);

}  // namespace speciesnet::cli
