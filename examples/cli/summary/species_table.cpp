// SPDX-License-Identifier: Apache-2.0
// Measures widths in code points, which is right for scripts whose letters take one column.
#include "species_table.hpp"

#include "drawing/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace speciesnet::cli {
namespace {

constexpr std::size_t narrowest_name = 12;
/// "   Photos    Share  Mean score"
constexpr std::size_t number_columns = 30;

/// Pads or cuts a text to an exact number of columns.
std::string in_columns(std::string_view text, std::size_t columns) {
    auto points = code_points(printable(text));
    if (points.size() > columns) {
        points.resize(columns - 1);
        points += U'…';
    }
    points.resize(columns, U' ');
    return utf8(points);
}

std::string right_aligned(const std::string& text, std::size_t columns) {
    return std::string(columns - std::min(columns, text.size()), ' ') + text;
}

std::string share(std::size_t part, std::size_t whole) {
    std::array<char, 32> text{};
    std::snprintf(
        text.data(), text.size(), "%.1f %%",
        whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
    return text.data();
}

std::string line(std::string_view name, std::size_t name_columns, const std::string& photos,
                 const std::string& part, const std::string& score) {
    return in_columns(name, name_columns) + right_aligned(photos, 9) + right_aligned(part, 9) +
           right_aligned(score, 12) + '\n';
}

}  // namespace

std::string species_table(const SpeciesCount& count, Names names, std::size_t width) {
    const auto rows = count.rows();
    std::size_t name_columns = narrowest_name;
    for (const auto& row : rows) {
        name_columns = std::max(name_columns, code_points(display_name(row.label, names)).size());
    }
    name_columns =
        std::min(name_columns, std::max(narrowest_name, width - std::min(width, number_columns)));

    std::string table = line("Species", name_columns, "Photos", "Share", "Mean score");
    for (const auto& row : rows) {
        table +=
            line(display_name(row.label, names), name_columns, std::to_string(row.photos),
                 share(row.photos, count.photos()),
                 row.scored > 0 ? two_decimals(row.scores / static_cast<double>(row.scored)) : "-");
    }
    if (count.failed() > 0) {
        table += line("(failed)", name_columns, std::to_string(count.failed()),
                      share(count.failed(), count.photos()), "-");
    }
    return table + std::to_string(count.photos()) +
           (count.photos() == 1 ? " photo, " : " photos, ") + std::to_string(rows.size()) +
           (rows.size() == 1 ? " answer" : " different answers") +
           (count.truncated() > 0 ? ", " + std::to_string(count.truncated()) + " truncated\n"
                                  : "\n");
}

}  // namespace speciesnet::cli
