// SPDX-License-Identifier: Apache-2.0
// The fields of a form: place of the photo, and boxes to classify.
#pragma once

#include "speciesnet/location.hpp"

#include <map>
#include <string>

namespace server {

/// The place a request names.
struct RequestedLocation {
    speciesnet::Location location;
    bool geofence = true;
    bool every_box = false;  ///< Whether each box is named, and not only the surest.

    /// The place as the engine is to be told it: without a country nothing is ruled out.
    speciesnet::Location for_engine() const;
};

/// Reads country, admin1_region, latitude, longitude, geofence and every_box; other fields are
/// ignored, empty ones count as not given.
/// @param defaults for a request that names no place at all, and for geofence
/// @throws Refusal 422 with an entry for each field that is wrong, worded as FastAPI's
RequestedLocation read_location(const std::map<std::string, std::string>& fields,
                                const RequestedLocation& defaults);

}  // namespace server
