// SPDX-License-Identifier: Apache-2.0
// Derives country and region from coordinates, offline, by the nearest place.
//
//     const speciesnet::Geolocator geolocator;
//     speciesnet::Location location{.country = "USA", .latitude = 37.0, .longitude = -119.0};
//     location.admin1_region = geolocator.admin1_region(location);  // "CA"
#pragma once

#include "speciesnet/export.hpp"
#include "speciesnet/location.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace speciesnet {

class PlaceTable;

/// Options for completing a location. The region is completed in any case, as in the reference.
struct GeolocationOptions {
    // <options cpp-nested predict.geolocation> by scripts/generate_options
    /// Whether to read missing coordinates from the photo's GPS fields.
    bool coordinates_from_exif = false;
    /// Whether to derive a missing country from the coordinates: that of the nearest place of 1,000
    /// inhabitants.
    bool country_from_coordinates = false;
    /// Whether to use country and region literally, as the reference does. A country that no
    /// geofence names, such as "ken", then excludes every animal that has a list of countries.
    /// Otherwise alpha-2 and alpha-3 codes and English names are accepted in any case, and unknown
    /// countries are errors.
    bool places_as_given = false;
    // </options>
};

/// Checks a location before it is completed with these options.
/// @throws InvalidArgument as normalize_location(), or check_location() for places as given
SPECIESNET_EXPORT void check_location(const Location& location, const GeolocationOptions& options);

/// Looks up places in a table inside the library, derived from GeoNames (https://www.geonames.org,
/// CC BY 4.0): the places of more than 1,000 inhabitants, as in the reference. The answer is that
/// of the nearest place, not of a border on a map: in sparsely populated areas near a border it may
/// be the neighbouring country, and points at sea have an answer, too. Copies share the table.
/// Every member function may be called concurrently.
class SPECIESNET_EXPORT Geolocator {
public:
    /// Reads the table, which takes about two milliseconds and less than half a megabyte of memory.
    Geolocator();

    /// Returns the first-level region for the geofence, exactly as the reference does:
    /// - both country and region given: the given region;
    /// - country "USA", no region, both coordinates: the two letters of the state or territory (for
    ///   instance "CA" or "PR") of the nearest place, nothing if that is outside the USA;
    /// - otherwise nothing: a region without a country is dropped, and a territory
    ///   given as country ("PRI") has no region.
    ///
    /// Distances are measured in degrees on a plane with edges at ±180°, as in the reference.
    /// Source: geolocation.py, find_admin1_region.
    /// @throws InvalidArgument if coordinates are needed and out of range; see check_location()
    std::optional<std::string> admin1_region(const Location& location) const;

    /// Returns the country of the nearest place, as ISO 3166-1 alpha-3 (Kosovo, which has no code
    /// there, as "XKX"). A territory has its own code, for instance "PRI", not "USA". The reference
    /// does not derive countries. Distances are measured as above, but without the edges.
    /// @param latitude  degrees north, −90 to 90
    /// @param longitude degrees east, −180 to 180
    /// @throws InvalidArgument for a coordinate out of range
    std::string country(double latitude, double longitude) const;

    /// Returns `location` with admin1_region() as its region, completed according to `options`.
    /// Ensemble and combine_past_runs() pass the result to the rules for every photo.
    /// @param photo the photo's file, for its EXIF block; ignored if it cannot be read
    /// @throws InvalidArgument as admin1_region() and check_location()
    Location complete(Location location, const std::filesystem::path& photo,
                      const GeolocationOptions& options = {}) const;

private:
    std::shared_ptr<const PlaceTable> places_;
};

}  // namespace speciesnet
