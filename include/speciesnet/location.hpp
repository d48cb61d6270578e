// SPDX-License-Identifier: Apache-2.0
// Where a photo was taken, as the geofence needs it.
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
    std::optional<double> latitude = std::nullopt;   ///< Degrees north, −90 to 90.
    std::optional<double> longitude = std::nullopt;  ///< Degrees east, −180 to 180.
    /// The camera's station, for entries of a GeofenceOverlay that name one. Not in the
    /// reference. @since 0.1.0
    std::optional<std::string> station = std::nullopt;

    friend bool operator==(const Location&, const Location&) = default;
};

/// A country of ISO 3166-1, or Kosovo, which has the codes XKX and XK there.
struct Country {
    std::string_view alpha3;  ///< "KEN"
    std::string_view alpha2;  ///< "KE"
    std::string_view name;    ///< "Kenya"
};

/// Finds a country by either code or an English name, whatever the case, accents and punctuation:
/// "ken", "KE", "Kenya", "ivory coast", "DR Congo".
/// @return nothing if there is none; its texts live as long as the program
SPECIESNET_EXPORT std::optional<Country> find_country(std::string_view text);

/// Brings a place into the form in which geofences name it: the country's alpha-3 code, both codes
/// in capitals, "CA" of "US-CA". Codes that are only blanks count as not given. Coordinates stay as
/// they are. What a caller or a list says of a place goes through this one function.
/// @throws InvalidArgument for a country that is none, with those that could be meant, and as
/// check_location()
SPECIESNET_EXPORT Location normalize_location(Location location);

/// Checks the forms the reference insists on: country of 3 characters, admin1_region of 2. Empty
/// ones count as not given. Coordinates must be in range, which the reference leaves to luck.
/// @throws InvalidArgument naming the field and its value
SPECIESNET_EXPORT void check_location(const Location& location);

}  // namespace speciesnet
