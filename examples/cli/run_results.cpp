// A sorted list of numbers finds an input by its path: a map would take more memory than the paths.
#include "run_results.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace speciesnet::cli {

RunResults::RunResults(std::span<const Instance> inputs, Journal& journal)
    : inputs_(inputs),
      journal_(journal),
      by_path_(inputs.size()),
      places_(inputs.size()),
      missing_(inputs.size()) {
    if (inputs.size() > std::numeric_limits<std::uint32_t>::max()) {
        throw InvalidArgument("more photos than one run can take");
    }
    std::iota(by_path_.begin(), by_path_.end(), 0);
    std::stable_sort(by_path_.begin(), by_path_.end(), [this](auto left, auto right) {
        return inputs_[left].filepath < inputs_[right].filepath;
    });
}

RunResults::Position RunResults::first_of(std::string_view filepath) const {
    return std::lower_bound(
        by_path_.begin(), by_path_.end(), filepath,
        [this](auto input, std::string_view path) { return inputs_[input].filepath < path; });
}

std::optional<std::size_t> RunResults::find(std::string_view filepath,
                                            std::size_t occurrence) const {
    const auto first = first_of(filepath);
    if (static_cast<std::size_t>(by_path_.end() - first) <= occurrence) {
        return std::nullopt;
    }
    const std::size_t input = first[static_cast<std::ptrdiff_t>(occurrence)];
    return inputs_[input].filepath == filepath ? std::optional(input) : std::nullopt;
}

/// Inputs of one path are in their own order.
std::size_t RunResults::occurrence_of(std::size_t input) const {
    const auto first = first_of(inputs_[input].filepath);
    const auto behind = std::upper_bound(
        first, by_path_.end(), inputs_[input].filepath,
        [this](std::string_view path, auto other) { return path < inputs_[other].filepath; });
    return static_cast<std::size_t>(std::lower_bound(first, behind, input) - first);
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
    place(input, journal_.append({.occurrence = occurrence_of(input), .prediction = prediction}));
}

Prediction RunResults::read(std::size_t input) const {
    return journal_.read(places_[input]).prediction;
}

void RunResults::for_each(const std::function<void(const Prediction&)>& visit) const {
    for (std::size_t input = 0; input < places_.size(); ++input) {
        visit(read(input));
    }
}

}  // namespace speciesnet::cli
