// SPDX-License-Identifier: Apache-2.0
// Comparisons break ties, so that the same photos always give the same sequences.
#include "sequences.hpp"

#include "label_names.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <utility>

namespace speciesnet::cli {
namespace {

/// The support of the photos for one label.
struct Support {
    double total = 0;
    double best = 0;
};

/// Returns the taxonomic ranks in a label, widest first.
std::array<std::string_view, 5> ranks(std::string_view label) {
    const auto parts = label_parts(label).value_or(LabelParts{});
    return {parts.class_, parts.order, parts.family, parts.genus, parts.species};
}

std::size_t depth(std::string_view label) {
    const auto names = ranks(label);
    return static_cast<std::size_t>(std::count_if(
        names.begin(), names.end(), [](std::string_view name) { return !name.empty(); }));
}

bool is_one_of(std::string_view label, std::initializer_list<std::string_view> several) {
    return std::find(several.begin(), several.end(), label) != several.end();
}

/// Removes answers with an uninformative label, unless there are no others.
void leave_out(std::vector<Answer>& answers, std::string_view label) {
    const auto says_more = [label](const Answer& answer) { return answer.label != label; };
    if (std::any_of(answers.begin(), answers.end(), says_more)) {
        std::erase_if(answers, [&](const Answer& answer) { return !says_more(answer); });
    }
}

}  // namespace

GroupedPhotos group_photos(std::span<const PhotoFacts> photos, std::span<const Station> stations,
                           std::chrono::milliseconds gap) {
    std::vector<std::uint32_t> order(photos.size());
    std::iota(order.begin(), order.end(), 0);
    std::erase_if(order, [&](auto photo) { return !photos[photo].taken; });
    std::stable_sort(order.begin(), order.end(), [&](auto left, auto right) {
        return std::pair(photos[left].station, photos[left].taken->local) <
               std::pair(photos[right].station, photos[right].taken->local);
    });
    GroupedPhotos grouped{.sequences = {}, .places = std::vector<SequencePlace>(photos.size())};
    const PhotoFacts* before = nullptr;
    for (const auto index : order) {
        const auto& photo = photos[index];
        if (before == nullptr || before->station != photo.station ||
            photo.taken->local - before->taken->local > gap) {
            grouped.sequences.push_back(
                {.id = stations[photo.station].name + ' ' + to_iso8601(*photo.taken),
                 .station = stations[photo.station].name,
                 .start = *photo.taken,
                 .end = *photo.taken});
        }
        auto& sequence = grouped.sequences.back();
        sequence.end = *photo.taken;
        ++sequence.photos;
        grouped.places[index] = {
            .sequence = static_cast<std::uint32_t>(grouped.sequences.size() - 1),
            .frame = static_cast<std::uint32_t>(sequence.photos)};
        before = &photo;
    }
    return grouped;
}

bool is_wider(const std::string& label, const std::string& other) {
    using namespace labels;
    if (label == other || is_one_of(other, {animal, blank, vehicle, unknown})) {
        return false;
    }
    if (label == animal) {
        return other != human;
    }
    const auto wide = ranks(label);
    const auto narrow = ranks(other);
    const auto known = depth(label);
    return known > 0 && known < depth(other) &&
           std::equal(wide.begin(), wide.begin() + static_cast<std::ptrdiff_t>(known),
                      narrow.begin());
}

std::optional<Answer> decide_sequence(std::span<const Answer> answers) {
    std::vector<Answer> votes(answers.begin(), answers.end());
    leave_out(votes, labels::unknown);
    leave_out(votes, labels::blank);
    std::map<std::string, Support> labels_in_question;
    for (const auto& vote : votes) {
        auto& support = labels_in_question[vote.label];
        support.best = std::max(support.best, vote.score);
    }
    for (auto& [label, support] : labels_in_question) {
        for (const auto& vote : votes) {
            if (vote.label == label || is_wider(vote.label, label)) {
                support.total += vote.score;
            }
        }
    }
    const auto winner = std::max_element(labels_in_question.begin(), labels_in_question.end(),
                                         [](const auto& a, const auto& b) {
                                             return std::pair(a.second.total, depth(a.first)) <
                                                    std::pair(b.second.total, depth(b.first));
                                         });
    if (winner == labels_in_question.end()) {
        return std::nullopt;
    }
    return Answer{.label = winner->first, .score = winner->second.best, .source = "sequence"};
}

}  // namespace speciesnet::cli
