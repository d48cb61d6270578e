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

/// Which photos a person wants to see.
struct PhotoQuery {
    enum class State : std::uint8_t { all, open, decided };
    enum class Order : std::uint8_t { document, lowest_score };

    State state = State::all;
    Order order = Order::document;
    std::string label = {};  ///< Of the answer; empty for any.
    std::string text = {};   ///< Part of the path, in any case; empty for any.
};

/// For one thread at a time, but for what says otherwise.
class ReviewSession {
public:
    struct Options {
        std::string by;  ///< Who decides; not empty.
        Names names = Names::common;
        double threshold = 0.2;               ///< Lowest confidence of a detection to be shown.
        std::filesystem::path photos_folder;  ///< Where relative paths start.
    };

    /// Reads the document and its journal, and opens the latter.
    /// @param labels to choose from beside those of the document
    /// @throws IoError, InvalidArgument
    ReviewSession(const std::filesystem::path& document, const Results& results,
                  std::span<const std::string> labels, Options options);

    std::size_t photos() const noexcept { return photos_.size(); }
    std::size_t decided() const;
    /// Lines of the journal that were damaged.
    std::size_t damaged() const noexcept { return damaged_; }

    /// Numbers of photos.
    std::vector<std::uint32_t> find(const PhotoQuery& query) const;

    /// The results of a photo as they are decided now; classifications are left out.
    Prediction result(std::size_t photo) const;
    /// Null if nothing was decided.
    const Review* review(std::size_t photo) const;
    /// The file of a photo. Thread-safe.
    std::filesystem::path file(std::size_t photo) const;

    /// Photos by the label of their answers as decided, the most frequent first.
    std::vector<std::pair<std::string, std::size_t>> counts() const;

    const LabelSearch& labels() const noexcept { return labels_; }
    const Options& options() const noexcept { return options_; }

    /// Decides about photos, all or none, and brings it to the disk.
    /// @param review without `by` and `at`; nothing takes back the last decision of each
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
    /// Label and score of each photo's answer as decided, so that searches need not derive them.
    std::vector<PhotoAnswer> answers_;
};

}  // namespace speciesnet::cli
