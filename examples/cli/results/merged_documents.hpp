// SPDX-License-Identifier: Apache-2.0
// Merges several documents.
#pragma once

#include "corrected_results.hpp"
#include "results.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace speciesnet::cli {

/// The results of all documents, one after the other, each with its own corrections. If several
/// documents contain a photo, the last successful result counts. With several documents, the path
/// of each photo is in memory.
class MergedDocuments final : public Results {
public:
    /// @throws as CorrectedDocument
    MergedDocuments(const std::vector<std::string>& files, const CorrectionArguments& corrections);

    void for_each(const std::function<void(const Prediction&)>& visit) const override;
    const Review* review_of(const std::string& filepath) const override;
    /// Returns the information of the only document; for several, their folders and common
    /// settings.
    const std::optional<RunInfo>& run() const override {
        return documents_.size() == 1 ? documents_.front()->run() : run_;
    }

    /// Returns the number of results that another document replaces.
    std::size_t replaced() const noexcept { return replaced_; }

private:
    /// The number of results for each path.
    using Paths = std::unordered_map<std::string, std::size_t>;

    std::vector<std::unique_ptr<CorrectedDocument>> documents_;
    std::vector<Paths> answered_;  ///< For each document, the photos without a failure.
    std::vector<Paths> failed_;
    std::size_t replaced_ = 0;
    std::optional<RunInfo> run_;

    bool counts(std::size_t document, const std::string& filepath, bool failed) const;
    void read_paths();
    void merge_runs();
};

}  // namespace speciesnet::cli
