// SPDX-License-Identifier: Apache-2.0
// Counts photos for each species.
#pragma once

#include "speciesnet/prediction.hpp"

#include "results/photo_answers.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// Counts photos. A photo counts once for each of its answers (see answers_of()).
class SpeciesCount {
public:
    struct Row {
        std::string label;
        std::size_t photos = 0;
        std::size_t scored = 0;  ///< Photos with a score, that is, with a detection.
        double scores = 0;       ///< Sum of their best scores.
    };

    void add(const Prediction& prediction, double threshold);

    std::size_t photos() const noexcept { return photos_; }
    std::size_t failed() const noexcept { return failed_; }
    std::size_t truncated() const noexcept { return truncated_; }
    /// Returns rows by descending number of photos, then by label.
    std::vector<Row> rows() const;

private:
    std::map<std::string, Row> rows_;
    std::size_t photos_ = 0;
    std::size_t failed_ = 0;
    std::size_t truncated_ = 0;
};

}  // namespace speciesnet::cli
