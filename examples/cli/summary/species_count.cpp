// SPDX-License-Identifier: Apache-2.0
// Counts labels instead of names, because two species may share a common name.
#include "species_count.hpp"

#include <algorithm>

namespace speciesnet::cli {

void SpeciesCount::add(const Prediction& prediction, double threshold) {
    ++photos_;
    failed_ += prediction.failures.any() ? 1 : 0;
    truncated_ += prediction.truncated ? 1 : 0;
    for (const auto& answer : answers_of(prediction, threshold)) {
        auto& row = rows_[answer.label];
        row.label = answer.label;
        ++row.photos;
        row.scored += answer.detections > 0 ? 1 : 0;
        row.scores += answer.score;
    }
}

std::vector<SpeciesCount::Row> SpeciesCount::rows() const {
    std::vector<Row> rows;
    for (const auto& [label, row] : rows_) {
        rows.push_back(row);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.photos > b.photos; });
    return rows;
}

}  // namespace speciesnet::cli
