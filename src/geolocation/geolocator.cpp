// SPDX-License-Identifier: Apache-2.0
// Applies the reference's rules for deriving regions, and also derives countries.
#include "speciesnet/error.hpp"
#include "speciesnet/geolocation.hpp"
#include "speciesnet/metadata.hpp"

#include "geolocation/place_table.hpp"

#include <string_view>
#include <utility>

namespace speciesnet {
namespace {

// The only country for which the reference derives regions; the table includes its territories.
constexpr std::string_view usa = "USA";
constexpr double full_turn = 360;

/// Fails in a build without the table: without the region, the answer would differ.
const PlaceTable& require(const PlaceTable* places) {
    if (places == nullptr) {
        throw InvalidArgument(
            "this build cannot derive places from coordinates; give country and admin1_region, or "
            "build with -DSPECIESNET_WITH_GEOLOCATION=ON");
    }
    return *places;
}

/// Returns the coordinates in the photo's EXIF block, or nothing if it cannot be read.
std::optional<Coordinates> coordinates_in(const std::filesystem::path& photo) {
    try {
        return read_metadata_file(photo).coordinates;
    } catch (const Error&) {
        // Decoding the photo reports the fault.
        return std::nullopt;
    }
}

}  // namespace

void check_location(const Location& location, const GeolocationOptions& options) {
    if (options.places_as_given) {
        check_location(location);
    } else {
        static_cast<void>(normalize_location(location));
    }
}

Geolocator::Geolocator() : places_(embedded_places()) {}

std::optional<std::string> Geolocator::admin1_region(const Location& location) const {
    // An empty string counts as absent, as in the reference.
    const bool region_given = location.admin1_region && !location.admin1_region->empty();
    if (location.country && !location.country->empty() && region_given) {
        return location.admin1_region;
    }
    if (location.country != usa || !location.latitude || !location.longitude) {
        return std::nullopt;
    }
    check_location({.latitude = location.latitude, .longitude = location.longitude});
    return require(places_.get())
        .nearest({{*location.latitude, *location.longitude}})
        .admin1_region;
}

std::string Geolocator::country(double latitude, double longitude) const {
    check_location({.latitude = latitude, .longitude = longitude});
    // Places beyond the antimeridian are compared with the same point at ±360 degrees.
    const double from_across = longitude < 0 ? longitude + full_turn : longitude - full_turn;
    return require(places_.get()).nearest({{latitude, longitude}, {latitude, from_across}}).country;
}

Location Geolocator::complete(Location location, const std::filesystem::path& photo,
                              const GeolocationOptions& options) const {
    if (!options.places_as_given) {
        location = normalize_location(std::move(location));
    }
    if (options.coordinates_from_exif && !location.latitude && !location.longitude) {
        if (const auto found = coordinates_in(photo)) {
            location.latitude = found->latitude;
            location.longitude = found->longitude;
        }
    }
    const bool country_given = location.country && !location.country->empty();
    if (options.country_from_coordinates && !country_given && location.latitude &&
        location.longitude) {
        location.country = country(*location.latitude, *location.longitude);
    }
    location.admin1_region = admin1_region(location);
    return location;
}

}  // namespace speciesnet
