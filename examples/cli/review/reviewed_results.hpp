// SPDX-License-Identifier: Apache-2.0
// Results with reviews applied.
#pragma once

#include "results/results.hpp"
#include "review_journal.hpp"

#include <string>

namespace speciesnet::cli {

/// The results of a document with the decisions in its journal applied.
class ReviewedResults final : public Results {
public:
    /// @param results must outlive this object
    /// @param threshold minimum confidence of detections that decisions concern
    ReviewedResults(const Results& results, Reviews reviews, double threshold)
        : results_(results), reviews_(std::move(reviews)), threshold_(threshold) {}

    void for_each(const std::function<void(const Prediction&)>& visit) const override;
    const Review* review_of(const std::string& filepath) const override {
        return reviews_.find(filepath);
    }
    const std::optional<RunInfo>& run() const override { return results_.run(); }

private:
    const Results& results_;
    Reviews reviews_;
    double threshold_;
};

}  // namespace speciesnet::cli
