// SPDX-License-Identifier: Apache-2.0
// Writes tables as RFC 4180.
#pragma once

#include "files/atomic_file.hpp"
#include "table.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// Returns a text in quotes, with its own quotes doubled.
std::string csv_quoted(std::string_view text);

/// Writes a table row by row; fields with commas, quotes or line ends are quoted.
class CsvTable : public Table {
public:
    /// Excel recognises UTF-8 only by a byte order mark at the start of the file.
    enum class ByteOrderMark : bool { without, with };

    /// @throws IoError
    CsvTable(const std::filesystem::path& file, const Columns& columns,
             ByteOrderMark mark = ByteOrderMark::without);

    using Table::field;
    CsvTable& field(std::string_view text) override;
    CsvTable& field(double number, int decimals) override;
    CsvTable& field(std::size_t number) override;
    /// Writes ISO 8601.
    CsvTable& field(const CaptureTime& time) override;
    CsvTable& blank_fields(std::size_t count) override;
    void end_row() override;

    /// @throws IoError
    void publish() { file_.publish(); }

private:
    AtomicFile file_;
    std::string row_;
};

}  // namespace speciesnet::cli
