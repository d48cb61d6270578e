// SPDX-License-Identifier: Apache-2.0
// Notes about the places of a run, printed before it starts.
#pragma once

#include "speciesnet/geofence.hpp"
#include "speciesnet/prediction.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace speciesnet::cli {

/// Says which countries and regions the geofence does not name: there, lists of where animals live
/// say nothing, or rule out everything.
void note_unknown_places(std::span<const Instance> photos, const Geofence& geofence,
                         const std::function<void(const std::string&)>& note);

/// Counts photos with and without a country.
class PlaceCount {
public:
    void add(const Location& location);

    /// Says how many photos have none, if others have one.
    void note(const std::function<void(const std::string&)>& note) const;

private:
    std::size_t photos_ = 0;
    std::size_t without_ = 0;
};

}  // namespace speciesnet::cli
