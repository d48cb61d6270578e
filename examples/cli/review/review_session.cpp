// SPDX-License-Identifier: Apache-2.0
// A photo needs at most a kilobyte: boxes and answers, without classifications.
#include "review_session.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"
#include "speciesnet/utf8_path.hpp"

#include "files/text_file.hpp"

#include <algorithm>
#include <numeric>

namespace speciesnet::cli {

ReviewSession::ReviewSession(const std::filesystem::path& document, const Results& results,
                             std::span<const std::string> labels, Options options)
    : options_(std::move(options)),
      reviews_(Reviews::read(review_journal_of(document), &damaged_)),
      journal_(review_journal_of(document)) {
    for (const auto label : {labels::blank, labels::animal, labels::human, labels::vehicle}) {
        labels_.add(label);
    }
    for (const auto& label : labels) {
        labels_.add(label);
    }
    results.for_each([this](const Prediction& prediction) {
        auto& photo = photos_.emplace_back(prediction);
        if (!photo.detections) {
            return;
        }
        for (auto& entry : *photo.detections) {
            // For a classifier alone, the best class is the answer.
            if (entry.classification && !entry.answer && !entry.classification->classes.empty()) {
                entry.answer = Answer{.label = entry.classification->classes.front(),
                                      .score = entry.classification->scores.front(),
                                      .source = "classifier"};
            }
            entry.classification.reset();
            entry.explanation.reset();
            if (entry.answer) {
                labels_.add(entry.answer->label);
            }
        }
    });
    if (photos_.empty()) {
        throw InvalidArgument("'" + utf8_text(document) + "' has no photos");
    }
    answers_.resize(photos_.size());
    for (std::size_t photo = 0; photo < photos_.size(); ++photo) {
        answers_[photo] = answer_of_photo(photo);
    }
}

PhotoAnswer ReviewSession::answer_of_photo(std::size_t photo) const {
    auto answers = answers_of(result(photo), options_.threshold);
    return answers.empty() ? PhotoAnswer{.label = {}, .score = 0, .detections = 0}
                           : std::move(answers.front());
}

std::size_t ReviewSession::decided() const {
    return static_cast<std::size_t>(std::count_if(
        photos_.begin(), photos_.end(),
        [this](const Prediction& photo) { return reviews_.find(photo.filepath) != nullptr; }));
}

std::vector<std::uint32_t> ReviewSession::find(const PhotoQuery& query) const {
    const auto text = lower_case(query.text);
    std::vector<std::uint32_t> found;
    for (std::uint32_t number = 0; number < photos_.size(); ++number) {
        const bool is_decided = review(number) != nullptr;
        const bool fits =
            (query.state == PhotoQuery::State::all ||
             is_decided == (query.state == PhotoQuery::State::decided)) &&
            (query.label.empty() || answers_[number].label == query.label) &&
            (text.empty() || lower_case(photos_[number].filepath).find(text) != std::string::npos);
        if (fits) {
            found.push_back(number);
        }
    }
    if (query.order == PhotoQuery::Order::lowest_score) {
        std::stable_sort(found.begin(), found.end(), [this](auto one, auto other) {
            return answers_[one].score < answers_[other].score;
        });
    }
    return found;
}

Prediction ReviewSession::result(std::size_t photo) const {
    const auto* const decision = review(photo);
    return decision == nullptr ? photos_[photo]
                               : reviewed(photos_[photo], *decision, options_.threshold);
}

const Review* ReviewSession::review(std::size_t photo) const {
    return reviews_.find(photos_[photo].filepath);
}

std::filesystem::path ReviewSession::file(std::size_t photo) const {
    return options_.photos_folder / utf8_path(photos_[photo].filepath);
}

std::vector<std::pair<std::string, std::size_t>> ReviewSession::counts() const {
    std::map<std::string, std::size_t> photos;
    for (const auto& answer : answers_) {
        ++photos[answer.label];
    }
    photos.erase("");
    std::vector<std::pair<std::string, std::size_t>> counts(photos.begin(), photos.end());
    std::stable_sort(counts.begin(), counts.end(),
                     [](const auto& one, const auto& other) { return one.second > other.second; });
    return counts;
}

void ReviewSession::decide(std::span<const std::size_t> photos,
                           const std::optional<Review>& review) {
    std::vector<ReviewEntry> entries;
    for (const auto photo : photos) {
        auto& entry = entries.emplace_back(
            ReviewEntry{.filepath = photos_[photo].filepath, .review = review});
        if (entry.review) {
            entry.review->by = options_.by;
            entry.review->at =
                std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        }
    }
    // Drops withdrawals for photos without a decision.
    std::erase_if(entries, [this](const ReviewEntry& entry) {
        return !entry.review && reviews_.find(entry.filepath) == nullptr;
    });
    journal_.add(entries);
    for (auto& entry : entries) {
        reviews_.apply(std::move(entry));
    }
    for (const auto photo : photos) {
        answers_[photo] = answer_of_photo(photo);
    }
}

}  // namespace speciesnet::cli
