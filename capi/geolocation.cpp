// SPDX-License-Identifier: Apache-2.0
// Derives country and region from coordinates.
#include "speciesnet/geolocation.hpp"

#include "capi/status.hpp"
#include "capi/values.hpp"

#include <memory>

using namespace speciesnet;
using namespace speciesnet::capi;

struct speciesnet_geolocator {
    Geolocator value;
};

speciesnet_status speciesnet_geolocator_new(speciesnet_geolocator** geolocator,
                                            speciesnet_error* error) {
    return guard(geolocator, error, [] { return std::make_unique<speciesnet_geolocator>(); });
}

speciesnet_status speciesnet_geolocator_admin1_region(const speciesnet_geolocator* geolocator,
                                                      const speciesnet_location* location,
                                                      char** text, speciesnet_error* error) {
    return guard(text, error, [&] {
        const auto region = require(geolocator, "geolocator")
                                ->value.admin1_region(to_location(require(location, "location")));
        return region ? make_text(*region) : nullptr;
    });
}

speciesnet_status speciesnet_geolocator_country(const speciesnet_geolocator* geolocator,
                                                double latitude, double longitude, char** text,
                                                speciesnet_error* error) {
    return guard(text, error, [&] {
        return make_text(require(geolocator, "geolocator")->value.country(latitude, longitude));
    });
}

void speciesnet_geolocator_free(speciesnet_geolocator* geolocator) {
    delete geolocator;
}
