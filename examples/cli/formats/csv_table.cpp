// SPDX-License-Identifier: Apache-2.0
// Collects a row before writing it.
#include "csv_table.hpp"

#include "drawing/utf8.hpp"
#include "text/json_writer.hpp"

namespace speciesnet::cli {

std::string csv_quoted(std::string_view text) {
    std::string quoted = "\"";
    for (const char character : text) {
        quoted.append(character == '"' ? 2 : 1, character);
    }
    return quoted + '"';
}

CsvTable::CsvTable(const std::filesystem::path& file, const Columns& columns, ByteOrderMark mark)
    : file_(file) {
    if (mark == ByteOrderMark::with) {
        file_.write("\xEF\xBB\xBF");
    }
    for (const auto column : columns) {
        field(column);
    }
    end_row();
}

CsvTable& CsvTable::field(std::string_view any_text) {
    const auto text = valid_utf8(any_text);
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        row_ += text;
    } else {
        row_ += csv_quoted(text);
    }
    row_ += ',';
    return *this;
}

CsvTable& CsvTable::field(double number, int decimals) {
    // Writes the shortest text of the rounded value, as in the JSON documents.
    JsonWriter json(0, decimals);
    json.value(number);
    return field(json.text() == "null" ? std::string_view() : std::string_view(json.text()));
}

CsvTable& CsvTable::field(std::size_t number) {
    return field(std::to_string(number));
}

CsvTable& CsvTable::field(const CaptureTime& time) {
    return field(to_iso8601(time));
}

CsvTable& CsvTable::blank_fields(std::size_t count) {
    row_.append(count, ',');
    return *this;
}

void CsvTable::end_row() {
    row_.back() = '\n';
    file_.write(row_);
    row_.clear();
}

}  // namespace speciesnet::cli
