// SPDX-License-Identifier: Apache-2.0
// One pass over the text, one state per field.
#include "speciesnet/csv.hpp"

#include "speciesnet/error.hpp"

#include "text/encoding.hpp"

#include <utility>

namespace speciesnet {
namespace {

char separator_of(std::string_view text) {
    bool quoted = false;
    for (const char character : text) {
        quoted ^= character == '"';
        if (quoted) {
            continue;
        }
        if (character == ',' || character == ';' || character == '\t') {
            return character;
        }
        if (character == '\n') {
            break;
        }
    }
    return ',';
}

}  // namespace

std::vector<CsvRow> read_csv(std::string_view text) {
    text = without_byte_order_mark(text);
    const char separator = separator_of(text);
    std::vector<CsvRow> rows;
    CsvRow row;
    std::string field;
    std::size_t line = 1;
    const auto end_row = [&] {
        row.fields.push_back(std::exchange(field, {}));
        if (row.fields.size() > 1 || !row.fields.front().empty()) {
            rows.push_back(std::move(row));
        }
        row = {.fields = {}, .line = line};
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char character = text[i];
        if (character == '"' && field.empty()) {
            const auto opened = line;
            // Skips to the closing quote, which is not doubled.
            for (++i; i < text.size() && (text[i] != '"' || text.substr(i, 2) == "\"\""); ++i) {
                line += text[i] == '\n' ? 1 : 0;
                field += text[i];
                i += text[i] == '"' ? 1 : 0;
            }
            if (i >= text.size()) {
                throw InvalidArgument("the quotation mark in line " + std::to_string(opened) +
                                      " is not closed");
            }
        } else if (character == separator) {
            row.fields.push_back(std::exchange(field, {}));
        } else if (character == '\n') {
            ++line;
            end_row();
        } else if (character != '\r') {
            field += character;
        }
    }
    end_row();
    return rows;
}

}  // namespace speciesnet
