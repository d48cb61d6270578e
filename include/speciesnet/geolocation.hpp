// SPDX-License-Identifier: Apache-2.0
// Country and region from coordinates: the answers of the nearest place, offline.
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

/// What to find out about a place beyond the region, which the reference finds without being asked.
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

/// Checks a place that is to be completed with these options.
/// @throws InvalidArgument as normalize_location(), or check_location() for places as given
SPECIESNET_EXPORT void check_location(const Location& location, const GeolocationOptions& options);

/// Answers from a table inside the library, derived from GeoNames (https://www.geonames.org, CC BY
/// 4.0): the places of more than 1,000 inhabitants that the reference asks. An answer is that of
/// the nearest place, not of a border drawn on a map: in empty country near a border it may be the
/// neighbour's, and the open sea has an answer too. Copies share the table. Every member function
/// may be called from many threads at once.
class SPECIESNET_EXPORT Geolocator {
public:
    /// Reads the table: about two milliseconds, less than half a megabyte of memory.
    Geolocator();

    /// The first-level region that the geofence should use, exactly as the reference finds it:
    /// - both country and region given: the region given;
    /// - country "USA", no region, both coordinates: the two letters of the state or territory (for
    ///   instance "CA" or "PR") of the nearest place, nothing if that is outside the USA;
    /// - anything else: nothing. So a region given without a country is dropped, and a territory
    ///   given as country ("PRI") has no region.
    ///
    /// Distance is taken on the map of degrees, with an edge at 180°, as the reference does.
    /// Source: geolocation.py, find_admin1_region.
    /// @throws InvalidArgument if coordinates are needed and out of range; see check_location()
    std::optional<std::string> admin1_region(const Location& location) const;

    /// The country of the nearest place, as ISO 3166-1 alpha-3 (Kosovo, which has no code there, as
    /// "XKX"). A territory is itself, for instance "PRI", not "USA". The reference does not derive
    /// countries. Distance is taken on the same map, but without the edge at 180°.
    /// @param latitude  degrees north, −90 to 90
    /// @param longitude degrees east, −180 to 180
    /// @throws InvalidArgument for a coordinate out of range
    std::string country(double latitude, double longitude) const;

    /// The place by which the rules decide, as they and the results have it: `location` with
    /// admin1_region() as its region, and with what else `options` ask for. Ensemble and
    /// combine_past_runs() do this for every photo.
    /// @param photo the photo's file, for its EXIF block; a file that cannot be read adds nothing
    /// @throws InvalidArgument as admin1_region() and check_location()
    Location complete(Location location, const std::filesystem::path& photo,
                      const GeolocationOptions& options = {}) const;

private:
    std::shared_ptr<const PlaceTable> places_;
};

}  // namespace speciesnet
