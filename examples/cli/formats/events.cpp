// SPDX-License-Identifier: Apache-2.0
// Sorts sightings once. Comparisons break ties, so that the same photos always give the same
// events.
#include "events.hpp"

#include "observations.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace speciesnet::cli {
namespace {

bool is_species(ObservationKind kind) {
    return kind == ObservationKind::animal || kind == ObservationKind::human ||
           kind == ObservationKind::vehicle;
}

}  // namespace

void Events::add(const Prediction& prediction, const PhotoFacts& facts, const Station& station,
                 double threshold) {
    const auto photo = photos_++;
    if (!facts.taken) {
        return;
    }
    const auto place =
        places_.try_emplace(station.place(), static_cast<std::uint32_t>(places_.size()))
            .first->second;
    const auto first = static_cast<std::ptrdiff_t>(sightings_.size());
    for (const auto& observation : observations_of(prediction, threshold)) {
        if (!is_species(observation.kind)) {
            continue;
        }
        const auto label = static_cast<std::uint32_t>(labels_.of(observation.label));
        const auto known =
            std::find_if(sightings_.begin() + first, sightings_.end(),
                         [label](const Sighting& sighting) { return sighting.label == label; });
        if (known == sightings_.end()) {
            sightings_.push_back({.photo = photo,
                                  .place = place,
                                  .label = label,
                                  .individuals = 1,
                                  .score = observation.score});
        } else {
            ++known->individuals;
            known->score = std::max(known->score, observation.score);
        }
    }
}

void Events::find(std::span<const PhotoFacts> facts, std::span<const Station> stations,
                  std::chrono::milliseconds gap) {
    std::vector<std::uint32_t> order(sightings_.size());
    std::iota(order.begin(), order.end(), 0);
    const auto time_of = [&](const Sighting& sighting) {
        return facts[sighting.photo].taken->local;
    };
    std::stable_sort(order.begin(), order.end(), [&](auto left, auto right) {
        const auto& one = sightings_[left];
        const auto& other = sightings_[right];
        return std::tuple(one.place, one.label, time_of(one)) <
               std::tuple(other.place, other.label, time_of(other));
    });
    std::vector<std::uint32_t> places;
    const Sighting* before = nullptr;
    for (const auto index : order) {
        auto& sighting = sightings_[index];
        const auto& taken = *facts[sighting.photo].taken;
        if (before == nullptr || before->place != sighting.place ||
            before->label != sighting.label || time_of(sighting) - time_of(*before) > gap) {
            const auto& station = stations[facts[sighting.photo].station];
            events_.push_back({.id = {},
                               .place = station.place(),
                               .station = station.name,
                               .label = labels_.labels()[sighting.label],
                               .start = taken,
                               .end = taken});
            places.push_back(sighting.place);
        }
        auto& event = events_.back();
        event.end = taken;
        ++event.photos;
        event.individuals = std::max<std::size_t>(event.individuals, sighting.individuals);
        event.score = std::max(event.score, sighting.score);
        sighting.event = static_cast<std::uint32_t>(events_.size() - 1);
        before = &sighting;
    }

    // Sorts by place, then by time; `rank` maps each event to its position.
    std::vector<std::uint32_t> rank(events_.size());
    std::iota(rank.begin(), rank.end(), 0);
    std::stable_sort(rank.begin(), rank.end(), [&](auto left, auto right) {
        return std::pair(places[left], events_[left].start.local) <
               std::pair(places[right], events_[right].start.local);
    });
    std::vector<Event> sorted;
    std::vector<std::uint32_t> new_number(events_.size());
    std::set<std::string> ids;
    for (const auto number : rank) {
        new_number[number] = static_cast<std::uint32_t>(sorted.size());
        auto& event = sorted.emplace_back(std::move(events_[number]));
        event.id = event.place + ' ' + to_iso8601(event.start) + ' ' + readable_name(event.label);
        // Two labels may have the same name.
        while (!ids.insert(event.id).second) {
            event.id += '+';
        }
    }
    events_ = std::move(sorted);
    for (auto& sighting : sightings_) {
        sighting.event = new_number[sighting.event];
    }
}

const Event* Events::of(std::size_t photo, std::string_view label) const {
    auto sighting = std::lower_bound(
        sightings_.begin(), sightings_.end(), photo,
        [](const Sighting& one, std::size_t wanted) { return one.photo < wanted; });
    for (; sighting != sightings_.end() && sighting->photo == photo; ++sighting) {
        if (labels_.labels()[sighting->label] == label) {
            return &events_[sighting->event];
        }
    }
    return nullptr;
}

}  // namespace speciesnet::cli
