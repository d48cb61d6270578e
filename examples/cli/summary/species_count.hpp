// SPDX-License-Identifier: Apache-2.0
// Counts photos per species.
#pragma once

#include "speciesnet/prediction.hpp"

#include "results/photo_answers.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace speciesnet::cli {

/// Counts photos; a photo counts once for each of its answers (see answers_of()).
class SpeciesCount {
public:
    struct Row {
        std::string label;
        std::size_t photos = 0;
        std::size_t scored = 0;  ///< Photos with a score: not those in which nothing was detected.
        double scores = 0;       ///< Sum over them of their best score.
    };

    void add(const Prediction& prediction, double threshold);

    std::size_t photos() const noexcept { return photos_; }
    std::size_t failed() const noexcept { return failed_; }
    std::size_t truncated() const noexcept { return truncated_; }
    /// Most photos first; of equal numbers by label.
    std::vector<Row> rows() const;

private:
    std::map<std::string, Row> rows_;
    std::size_t photos_ = 0;
    std::size_t failed_ = 0;
    std::size_t truncated_ = 0;
};

}  // namespace speciesnet::cli
