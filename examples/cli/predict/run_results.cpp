// SPDX-License-Identifier: Apache-2.0
// Differently spelled paths in the journal refer to the same photo.
#include "run_results.hpp"

#include <utility>

namespace speciesnet::cli {

RunResults::RunResults(std::span<const Instance> inputs, Journal& journal,
                       std::optional<RunInfo> run)
    : inputs_(inputs),
      journal_(journal),
      run_(std::move(run)),
      index_(inputs),
      places_(inputs.size()),
      missing_(inputs.size()) {}

std::optional<std::size_t> RunResults::find(std::string_view filepath,
                                            std::size_t occurrence) const {
    return index_.find(filepath, occurrence);
}

RunResults::Recovered RunResults::recover() {
    Recovered recovered;
    recovered.damaged = journal_.recover([&](JournalReader::Entry&& entry) {
        const auto& [occurrence, prediction] = entry.result;
        const auto input = find(prediction.filepath, occurrence);
        if (!input) {
            ++recovered.strangers;
        } else if (prediction.failures.any()) {
            ++recovered.failed;
        } else {
            place(*input, entry.place);
        }
    });
    recovered.kept = inputs_.size() - missing_;
    return recovered;
}

void RunResults::place(std::size_t input, const JournalPlace& place) {
    missing_ -= has(input) ? 0 : 1;
    places_[input] = place;
}

void RunResults::add(std::size_t input, const Prediction& prediction) {
    place(input,
          journal_.append({.occurrence = index_.occurrence_of(input), .prediction = prediction}));
}

void RunResults::add_of_lost_photo(const Prediction& prediction) {
    of_lost_photos_.push_back(journal_.append({.occurrence = 0, .prediction = prediction}));
}

Prediction RunResults::read(std::size_t input) const {
    auto prediction = journal_.read(places_[input]).prediction;
    prediction.filepath = inputs_[input].filepath;
    return prediction;
}

void RunResults::for_each(const std::function<void(const Prediction&)>& visit) const {
    for (std::size_t input = 0; input < places_.size(); ++input) {
        visit(read(input));
    }
    for (const auto& place : of_lost_photos_) {
        visit(journal_.read(place).prediction);
    }
}

}  // namespace speciesnet::cli
