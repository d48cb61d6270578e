// SPDX-License-Identifier: Apache-2.0
// Formats a comparison as tables, for terminals and browsers, and as JSON.
#pragma once

#include "comparison.hpp"
#include "results/photo_answers.hpp"

#include <string>
#include <vector>

namespace speciesnet::cli {

/// A document that is compared.
struct ComparedRun {
    std::string document;  ///< As named by the user.
    std::string model;     ///< From ModelNames::text().
};
struct ComparedRuns {
    ComparedRun first;
    ComparedRun second;
};

/// One table.
struct ComparisonTable {
    struct Column {
        std::string title;
        bool is_number = false;
    };
    std::string title;
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;
    std::string note;     ///< A sentence below it; may be empty.
    std::string drawing;  ///< SVG, for pages; may be empty.
};

std::vector<ComparisonTable> tables_of(const Comparison& comparison, const ComparedRuns& runs,
                                       Names names);

std::string text_of(const std::vector<ComparisonTable>& tables);
/// Formats the tables as a self-contained page.
std::string html_of(const std::vector<ComparisonTable>& tables, const ComparedRuns& runs);
std::string json_of(const Comparison& comparison, const ComparedRuns& runs);

}  // namespace speciesnet::cli
