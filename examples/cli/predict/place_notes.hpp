// SPDX-License-Identifier: Apache-2.0
// Prints notes about the locations of a run before it starts.
#pragma once

#include "speciesnet/geofence.hpp"
#include "speciesnet/prediction.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace speciesnet::cli {

/// Reports countries and regions that the geofence does not name: there, a species' list of places
/// has no effect, or excludes the species.
void note_unknown_places(std::span<const Instance> photos, const Geofence& geofence,
                         const std::function<void(const std::string&)>& note);

/// Counts photos with and without a country.
class PlaceCount {
public:
    void add(const Location& location);

    /// Reports how many photos have no country, if others have one.
    void note(const std::function<void(const std::string&)>& note) const;

private:
    std::size_t photos_ = 0;
    std::size_t without_ = 0;
};

}  // namespace speciesnet::cli
