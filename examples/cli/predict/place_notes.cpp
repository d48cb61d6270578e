// SPDX-License-Identifier: Apache-2.0
// Looks up each distinct location once.
#include "place_notes.hpp"

#include <set>
#include <utility>

namespace speciesnet::cli {
namespace {

/// Maximum number of locations that are named.
constexpr std::size_t most_named = 5;

}  // namespace

void note_unknown_places(std::span<const Instance> photos, const Geofence& geofence,
                         const std::function<void(const std::string&)>& note) {
    std::set<std::pair<std::string, std::string>> places;
    for (const auto& photo : photos) {
        if (auto country = photo.location.country.value_or(""); !country.empty()) {
            places.emplace(std::move(country), photo.location.admin1_region.value_or(""));
        }
    }
    std::size_t unknown = 0;
    for (const auto& [country, region] : places) {
        if (geofence.names(country, region) || ++unknown > most_named) {
            continue;
        }
        if (!geofence.names(country)) {
            note("the model's geofence does not name the country " + country +
                 ": animals with a list of allowed countries are excluded there");
        } else {
            note("the model's geofence does not name the region " + region + " of " + country +
                 ": it only excludes animals that are allowed in other regions of " + country +
                 "; without a region, the whole country counts");
        }
    }
    if (unknown > most_named) {
        note(std::to_string(unknown - most_named) +
             " more places are not named in the model's geofence");
    }
}

void PlaceCount::add(const Location& location) {
    ++photos_;
    without_ += location.country.value_or("").empty() ? 1 : 0;
}

void PlaceCount::note(const std::function<void(const std::string&)>& note) const {
    if (without_ > 0 && without_ < photos_) {
        note(std::to_string(without_) + " of " + std::to_string(photos_) +
             " images have no country, so the geofence does not apply to them");
    }
}

}  // namespace speciesnet::cli
