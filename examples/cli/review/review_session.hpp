// SPDX-License-Identifier: Apache-2.0
// The photos of a document and the decisions about them during a review.
#pragma once

#include "speciesnet/prediction.hpp"

#include "label_search.hpp"
#include "results/photo_answers.hpp"
#include "results/results.hpp"
#include "review_journal.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// Selects the photos to show.
struct PhotoQuery {
    enum class State : std::uint8_t { all, open, decided };
    enum class Order : std::uint8_t { document, lowest_score };

    State state = State::all;
    Order order = Order::document;
    std::string label = {};  ///< Of the answer; empty for any.
    std::string text = {};   ///< Part of the path, in any case; empty for any.
};

/// Not thread-safe, except where stated.
class ReviewSession {
public:
    struct Options {
        std::string by;  ///< Name of the person; not empty.
        Names names = Names::common;
        double threshold = 0.2;               ///< Minimum confidence of a detection to show.
        std::filesystem::path photos_folder;  ///< Base of relative paths.
    };

    /// Reads the document and its journal, and opens the journal.
    /// @param labels to offer in addition to those of the document
    /// @throws IoError, InvalidArgument
    ReviewSession(const std::filesystem::path& document, const Results& results,
                  std::span<const std::string> labels, Options options);

    std::size_t photos() const noexcept { return photos_.size(); }
    std::size_t decided() const;
    /// Returns the number of damaged lines in the journal.
    std::size_t damaged() const noexcept { return damaged_; }

    /// Returns the indices of photos.
    std::vector<std::uint32_t> find(const PhotoQuery& query) const;

    /// Returns the result of a photo with its decision, without classifications.
    Prediction result(std::size_t photo) const;
    /// Returns null if there is no decision.
    const Review* review(std::size_t photo) const;
    /// Returns the file of a photo. Thread-safe.
    std::filesystem::path file(std::size_t photo) const;

    /// Returns the number of photos for each label of their answers, most frequent first.
    std::vector<std::pair<std::string, std::size_t>> counts() const;

    const LabelSearch& labels() const noexcept { return labels_; }
    const Options& options() const noexcept { return options_; }

    /// Decides about photos, all or none, and syncs the decisions to disk.
    /// @param review without `by` and `at`; nothing withdraws the last decision about each photo
    /// @throws IoError
    void decide(std::span<const std::size_t> photos, const std::optional<Review>& review);

private:
    PhotoAnswer answer_of_photo(std::size_t photo) const;

    Options options_;
    std::vector<Prediction> photos_;
    LabelSearch labels_;
    Reviews reviews_;
    std::size_t damaged_ = 0;
    ReviewJournal journal_;
    /// Label and score of each photo's answer with its decision, so that searches need not compute
    /// them.
    std::vector<PhotoAnswer> answers_;
};

}  // namespace speciesnet::cli
