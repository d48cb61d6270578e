// SPDX-License-Identifier: Apache-2.0
// Reads the fields of a form: location of the photo, and boxes to classify.
#pragma once

#include "speciesnet/location.hpp"

#include <map>
#include <string>

namespace server {

/// The location that a request names.
struct RequestedLocation {
    speciesnet::Location location;
    bool geofence = true;
    bool every_box =
        false;  ///< Whether each box is classified, and not only the most confident one.

    /// Returns the location for the engine: without a country, nothing is excluded.
    speciesnet::Location for_engine() const;
};

/// Reads country, admin1_region, latitude, longitude, geofence and every_box. Ignores other fields;
/// empty fields count as absent.
/// @param defaults for geofence, and for a request without a location
/// @throws Refusal 422 with an entry for each invalid field, in the form of FastAPI
RequestedLocation read_location(const std::map<std::string, std::string>& fields,
                                const RequestedLocation& defaults);

}  // namespace server
