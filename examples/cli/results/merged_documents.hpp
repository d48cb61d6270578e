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

/// The results of all documents, one after the other, each with its own corrections. Of a photo
/// that is in several of them the last result counts that has not failed. In memory there is a path
/// for each photo, if there are several documents.
class MergedDocuments final : public Results {
public:
    /// @throws as CorrectedDocument
    MergedDocuments(const std::vector<std::string>& files, const CorrectionArguments& corrections);

    void for_each(const std::function<void(const Prediction&)>& visit) const override;
    const Review* review_of(const std::string& filepath) const override;
    /// Of the only document; of several their folders, and what they have in common.
    const std::optional<RunInfo>& run() const override {
        return documents_.size() == 1 ? documents_.front()->run() : run_;
    }

    /// Results that another document's take the place of.
    std::size_t replaced() const noexcept { return replaced_; }

private:
    /// How many results there are of each.
    using Paths = std::unordered_map<std::string, std::size_t>;

    std::vector<std::unique_ptr<CorrectedDocument>> documents_;
    std::vector<Paths> answered_;  ///< By each document: photos that have not failed.
    std::vector<Paths> failed_;
    std::size_t replaced_ = 0;
    std::optional<RunInfo> run_;

    bool counts(std::size_t document, const std::string& filepath, bool failed) const;
    void read_paths();
    void merge_runs();
};

}  // namespace speciesnet::cli
