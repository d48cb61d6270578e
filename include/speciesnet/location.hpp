// SPDX-License-Identifier: Apache-2.0
// Places of photos, for the geofence.
#pragma once

#include "speciesnet/export.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// A place; every part may be unknown. The field names are those of the reference's instances.
struct Location {
    /// ISO 3166-1 alpha-3, for instance "KEN".
    std::optional<std::string> country = std::nullopt;
    /// Second part of ISO 3166-2, for instance "CA" (of "US-CA").
    std::optional<std::string> admin1_region = std::nullopt;
    std::optional<double> latitude = std::nullopt;  ///< Degrees north, −90 to 90.
    std::optional<double> longitude =
        std::nullopt;  ///< Degrees east, −180 to 180.
                       /// Station of the camera, for entries of a GeofenceOverlay. An extension of
                       /// the reference.
    /// @since 0.1.0
    std::optional<std::string> station = std::nullopt;

    friend bool operator==(const Location&, const Location&) = default;
};

/// A country of ISO 3166-1, or Kosovo with the codes XKX and XK.
struct Country {
    std::string_view alpha3;  ///< "KEN"
    std::string_view alpha2;  ///< "KE"
    std::string_view name;    ///< "Kenya"
};

/// Finds a country by either code or an English name, ignoring case, accents and punctuation:
/// "ken", "KE", "Kenya", "ivory coast", "DR Congo".
/// @return nothing if there is none; its texts are static
SPECIESNET_EXPORT std::optional<Country> find_country(std::string_view text);

/// Converts a place to the form that geofences use: the country's alpha-3 code, both codes
/// in capitals, "CA" of "US-CA". Blank codes count as not given. Coordinates are not changed.
/// @throws InvalidArgument for an unknown country, with similar ones, and as check_location()
SPECIESNET_EXPORT Location normalize_location(Location location);

/// Checks the forms that the reference requires: country of 3 characters, admin1_region of 2. Empty
/// ones count as not given. Also checks that coordinates are in range, which the reference does
/// not.
/// @throws InvalidArgument naming the field and its value
SPECIESNET_EXPORT void check_location(const Location& location);

}  // namespace speciesnet
