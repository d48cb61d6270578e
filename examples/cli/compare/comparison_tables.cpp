// SPDX-License-Identifier: Apache-2.0
// Builds the tables once, for both text and page.
#include "comparison_tables.hpp"

#include "drawing/utf8.hpp"
#include "report/page_text.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace speciesnet::cli {
namespace {

/// Maximum number of rows of long tables.
constexpr std::size_t most_rows = 20;
constexpr std::array verdict_names{"right", "right, but coarser than the label", "wrong"};

std::string decimals(double number, int digits) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, number);
    return text.data();
}

std::string share(std::size_t part, std::size_t whole) {
    return whole == 0
               ? "-"
               : decimals(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1) + " %";
}

ComparisonTable answers_table(const Comparison& comparison) {
    ComparisonTable table{
        .title = "Answers of " + std::to_string(comparison.photos()) + " photos",
        .columns = {{"Second run against the first"}, {"Photos", true}, {"Share", true}}};
    for (std::size_t kind = 0; kind < change_names.size(); ++kind) {
        const auto count = comparison.changes()[kind];
        table.rows.push_back(
            {change_names[kind], std::to_string(count), share(count, comparison.photos())});
    }
    table.note = "Largest change of a score where the answer is the same: " +
                 decimals(comparison.largest_score_change(), 4) + ".";
    const auto say = [&](std::size_t count, const std::string& what) {
        if (count > 0) {
            table.note += " " + std::to_string(count) + " " + what + ".";
        }
    };
    say(comparison.only_first(), "photos are only in the first run");
    say(comparison.only_second(), "photos are only in the second run");
    say(comparison.failed_first(), "photos failed in the first run");
    say(comparison.failed_second(), "photos failed in the second run");
    return table;
}

/// Returns a table of the most frequent pairs of labels.
/// @param kinds what the pairs are, for the note of a truncated table
ComparisonTable pairs_table(std::string title, std::array<const char*, 2> columns,
                            const LabelPairs& pairs, const char* kinds, Names names) {
    ComparisonTable table{.title = std::move(title),
                          .columns = {{columns[0]}, {columns[1]}, {"Photos", true}}};
    for (const auto& [labels, count] : most_frequent_first(pairs)) {
        if (table.rows.size() == most_rows) {
            table.note = "The " + std::to_string(most_rows) + " most frequent of " +
                         std::to_string(pairs.size()) + " kinds of " + kinds + ".";
            break;
        }
        table.rows.push_back({display_name(labels.first, names), display_name(labels.second, names),
                              std::to_string(count)});
    }
    return table;
}

ComparisonTable detections_table(const Comparison& comparison) {
    ComparisonTable table{.title = "Detections",
                          .columns = {{"Confidence from"},
                                      {"First run", true},
                                      {"Second run", true},
                                      {"Lost", true},
                                      {"Gained", true}}};
    for (const auto& counts : comparison.detections()) {
        table.rows.push_back({decimals(counts.threshold, 1), std::to_string(counts.first),
                              std::to_string(counts.second), std::to_string(counts.lost),
                              std::to_string(counts.gained)});
    }
    table.note = "Boxes of one category with an IoU of " + decimals(least_iou, 1) +
                 " or more count as the same. Largest change of a confidence: " +
                 decimals(comparison.largest_confidence_change(), 4) + ".";
    return table;
}

ComparisonTable accuracy_table(const std::array<Accuracy, 2>& accuracy) {
    ComparisonTable table{
        .title = "Against human labels",
        .columns = {
            {"Answers"}, {"First run", true}, {"", true}, {"Second run", true}, {"", true}}};
    for (std::size_t kind = 0; kind < verdict_names.size(); ++kind) {
        std::vector<std::string> row{verdict_names[kind]};
        for (const auto& run : accuracy) {
            row.push_back(std::to_string(run.verdicts[kind]));
            row.push_back(share(run.verdicts[kind], run.photos()));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

ComparisonTable mistakes_table(const Accuracy& accuracy, const std::string& run, Names names) {
    auto mistakes = accuracy.confusion;
    std::erase_if(mistakes, [](const auto& pair) {
        return verdict(pair.first.second, pair.first.first) != Correctness::wrong;
    });
    return pairs_table("Mistakes of the " + run + " run", {"Label", "Answer"}, mistakes, "mistake",
                       names);
}

/// Draws the mean score against the share that is not wrong, for both runs.
std::string calibration_drawing(const std::array<Accuracy, 2>& accuracy) {
    std::string drawing =
        "<svg viewBox=\"-40 -10 360 330\" width=\"360\" height=\"330\" role=\"img\" "
        "aria-label=\"Calibration curves\"><rect width=\"300\" height=\"300\" fill=\"none\" "
        "stroke=\"#888\"/><line x1=\"0\" y1=\"300\" x2=\"300\" y2=\"0\" stroke=\"#ccc\"/>"
        "<text x=\"150\" y=\"316\" text-anchor=\"middle\">mean score</text>"
        "<text transform=\"translate(-10 150) rotate(-90)\" text-anchor=\"middle\">share not "
        "wrong</text>";
    const std::array colours{"#1f77b4", "#d62728"};
    for (std::size_t run = 0; run < accuracy.size(); ++run) {
        std::string points;
        for (const auto& bin : accuracy[run].calibration) {
            if (bin.photos > 0) {
                const auto photos = static_cast<double>(bin.photos);
                points += decimals(300 * bin.scores / photos, 1) + ',' +
                          decimals(300 - 300 * static_cast<double>(bin.right) / photos, 1) + ' ';
            }
        }
        drawing += std::string("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"") +
                   colours[run] + "\" points=\"" + points + "\"/>";
        drawing += std::string("<text x=\"8\" y=\"") + (run == 0 ? "18" : "36") + "\" fill=\"" +
                   colours[run] + "\">" + (run == 0 ? "first run" : "second run") + "</text>";
    }
    return drawing + "</svg>\n";
}

ComparisonTable calibration_table(const std::array<Accuracy, 2>& accuracy) {
    ComparisonTable table{.title = "Calibration",
                          .columns = {{"Score"},
                                      {"First run", true},
                                      {"Mean score", true},
                                      {"Not wrong", true},
                                      {"Second run", true},
                                      {"Mean score", true},
                                      {"Not wrong", true}},
                          .note =
                              "A score is calibrated if the mean score equals the share of answers "
                              "that are not wrong.",
                          .drawing = calibration_drawing(accuracy)};
    for (std::size_t bin = 0; bin < accuracy[0].calibration.size(); ++bin) {
        std::vector<std::string> row{decimals(static_cast<double>(bin) / 10, 1) + " to " +
                                     decimals(static_cast<double>(bin + 1) / 10, 1)};
        for (const auto& run : accuracy) {
            const auto& [photos, scores, right] = run.calibration[bin];
            row.push_back(std::to_string(photos));
            row.push_back(photos == 0 ? "-" : decimals(scores / static_cast<double>(photos), 2));
            row.push_back(share(right, photos));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

void write_accuracy(JsonWriter& writer, const Accuracy& accuracy) {
    writer.begin_object();
    writer.key("right").value(accuracy.verdicts[0]);
    writer.key("coarser").value(accuracy.verdicts[1]);
    writer.key("wrong").value(accuracy.verdicts[2]);
    writer.key("calibration").begin_array();
    for (const auto& bin : accuracy.calibration) {
        writer.begin_object();
        writer.key("photos").value(bin.photos);
        writer.key("score_sum").value(bin.scores);
        writer.key("not_wrong").value(bin.right);
        writer.end_object();
    }
    writer.end_array();
    writer.key("confusion").begin_array();
    for (const auto& [pair, count] : accuracy.confusion) {
        writer.begin_object();
        writer.key("truth").value(pair.first);
        writer.key("answer").value(pair.second);
        writer.key("photos").value(count);
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
}

}  // namespace

std::vector<ComparisonTable> tables_of(const Comparison& comparison, const ComparedRuns& runs,
                                       Names names) {
    std::vector<ComparisonTable> tables{
        {.title = "Comparison",
         .columns = {{"Run"}, {"Document"}, {"Answers of"}},
         .rows = {{"first", runs.first.document, runs.first.model},
                  {"second", runs.second.document, runs.second.model}}}};
    tables.push_back(answers_table(comparison));
    if (comparison.changes()[0] < comparison.photos()) {
        tables.push_back(pairs_table("Changed answers", {"First run", "Second run"},
                                     comparison.changed_answers(), "change", names));
    }
    tables.push_back(detections_table(comparison));
    if (const auto& accuracy = comparison.accuracy()) {
        tables.push_back(accuracy_table(*accuracy));
        tables.push_back(calibration_table(*accuracy));
        tables.push_back(mistakes_table((*accuracy)[0], "first", names));
        tables.push_back(mistakes_table((*accuracy)[1], "second", names));
    }
    return tables;
}

std::string text_of(const std::vector<ComparisonTable>& tables) {
    std::string text;
    for (const auto& table : tables) {
        std::vector<std::size_t> widths;
        for (const auto& column : table.columns) {
            widths.push_back(code_points(column.title).size());
        }
        for (const auto& row : table.rows) {
            for (std::size_t i = 0; i < row.size(); ++i) {
                widths[i] = std::max(widths[i], code_points(printable(row[i])).size());
            }
        }
        const auto add_line = [&](auto cell_of) {
            std::string line;
            for (std::size_t i = 0; i < widths.size(); ++i) {
                const auto cell = printable(cell_of(i));
                const std::string blanks(widths[i] - code_points(cell).size(), ' ');
                line += (i == 0 ? "  " : "   ") +
                        (table.columns[i].is_number ? blanks + cell : cell + blanks);
            }
            line.erase(line.find_last_not_of(' ') + 1);
            text += line + '\n';
        };
        text += (text.empty() ? "" : "\n") + table.title + '\n';
        add_line([&](std::size_t i) { return table.columns[i].title; });
        for (const auto& row : table.rows) {
            add_line([&](std::size_t i) { return row[i]; });
        }
        if (!table.note.empty()) {
            text += "  " + table.note + '\n';
        }
    }
    return text;
}

std::string html_of(const std::vector<ComparisonTable>& tables, const ComparedRuns& runs) {
    const auto title =
        html_escaped(printable(runs.first.document + " and " + runs.second.document));
    std::string page =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title +
        "</title>\n<style>body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 "
        "1rem}table{border-collapse:collapse}th,td{padding:.2rem .8rem;border-bottom:1px solid "
        "#ddd;text-align:left}.number{text-align:right}</style></head>\n<body>\n";
    for (const auto& table : tables) {
        page += "<h2>" + html_escaped(table.title) + "</h2>\n<table><tr>";
        const auto cell = [&](const char* tag, std::size_t column, const std::string& text) {
            page += std::string("<") + tag +
                    (table.columns[column].is_number ? " class=\"number\">" : ">") +
                    html_escaped(printable(text)) + "</" + tag + ">";
        };
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            cell("th", i, table.columns[i].title);
        }
        for (const auto& row : table.rows) {
            page += "</tr>\n<tr>";
            for (std::size_t i = 0; i < row.size(); ++i) {
                cell("td", i, row[i]);
            }
        }
        page += "</tr></table>\n<p>" + html_escaped(table.note) + "</p>\n";
        page += table.drawing;
    }
    return page + "</body></html>\n";
}

std::string json_of(const Comparison& comparison, const ComparedRuns& runs) {
    JsonWriter writer(1);
    writer.begin_object();
    writer.key("first").value(runs.first.document);
    writer.key("second").value(runs.second.document);
    writer.key("first_model").value(runs.first.model);
    writer.key("second_model").value(runs.second.model);
    writer.key("photos").value(comparison.photos());
    writer.key("only_first").value(comparison.only_first());
    writer.key("only_second").value(comparison.only_second());
    writer.key("failed_first").value(comparison.failed_first());
    writer.key("failed_second").value(comparison.failed_second());
    writer.key("changes").begin_object();
    for (std::size_t kind = 0; kind < change_names.size(); ++kind) {
        std::string name = change_names[kind];
        std::replace(name.begin(), name.end(), ' ', '_');
        writer.key(name).value(comparison.changes()[kind]);
    }
    writer.end_object();
    writer.key("largest_score_change").value(comparison.largest_score_change());
    writer.key("changed_answers").begin_array();
    for (const auto& [pair, count] : most_frequent_first(comparison.changed_answers())) {
        writer.begin_object();
        writer.key("first").value(pair.first);
        writer.key("second").value(pair.second);
        writer.key("photos").value(count);
        writer.end_object();
    }
    writer.end_array();
    writer.key("detections").begin_array();
    for (const auto& counts : comparison.detections()) {
        writer.begin_object();
        writer.key("threshold").value(counts.threshold);
        writer.key("first").value(counts.first);
        writer.key("second").value(counts.second);
        writer.key("lost").value(counts.lost);
        writer.key("gained").value(counts.gained);
        writer.end_object();
    }
    writer.end_array();
    writer.key("largest_confidence_change").value(comparison.largest_confidence_change());
    if (const auto& accuracy = comparison.accuracy()) {
        writer.key("accuracy").begin_object();
        writer.key("first");
        write_accuracy(writer, (*accuracy)[0]);
        writer.key("second");
        write_accuracy(writer, (*accuracy)[1]);
        writer.end_object();
    }
    writer.end_object();
    return writer.take() + '\n';
}

}  // namespace speciesnet::cli
