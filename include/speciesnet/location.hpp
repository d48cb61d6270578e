// Where a photo was taken, as the geofence needs it.
#pragma once

#include "speciesnet/export.hpp"

#include <optional>
#include <string>

namespace speciesnet {

/// A place; every part may be unknown. The field names are those of the reference's instances.
struct Location {
    /// ISO 3166-1 alpha-3, for instance "KEN".
    std::optional<std::string> country = std::nullopt;
    /// Second part of ISO 3166-2, for instance "CA" (of "US-CA").
    std::optional<std::string> admin1_region = std::nullopt;
    std::optional<double> latitude = std::nullopt;   ///< Degrees north, −90 to 90.
    std::optional<double> longitude = std::nullopt;  ///< Degrees east, −180 to 180.

    friend bool operator==(const Location&, const Location&) = default;
};

/// Checks the forms the reference insists on: country of 3 characters, admin1_region of 2. Empty
/// ones count as not given. Coordinates must be in range, which the reference leaves to luck.
/// @throws InvalidArgument naming the field and its value
SPECIESNET_EXPORT void check_location(const Location& location);

}  // namespace speciesnet
