// SPDX-License-Identifier: Apache-2.0
// Places ordered as a k-d tree, and the search for the nearest one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace speciesnet {

/// A point on the plane of degrees. Longitudes may exceed 180.
struct MapPoint {
    double latitude;
    double longitude;
};

/// Immutable and never empty.
class PlaceTable {
public:
    /// The region of a place.
    struct Region {
        std::string country;                       ///< ISO 3166-1 alpha-3.
        std::optional<std::string> admin1_region;  ///< Only in the USA and its territories.

        friend bool operator==(const Region&, const Region&) = default;
    };

    /// Reads the format that scripts/build_geolocation_table.py writes.
    /// @throws Error (internal) if the bytes have another format
    explicit PlaceTable(std::span<const std::byte> bytes);

    /// Returns the region of the place nearest to any of these points. Among equally near places,
    /// any one is chosen.
    /// @return valid as long as the table
    const Region& nearest(std::initializer_list<MapPoint> points) const;

private:
    struct Place {
        MapPoint position;
        std::uint16_t region;  ///< Index into regions_.
    };

    struct Nearest {
        const Place* place;
        double squared_distance;
    };

    using Axis = double MapPoint::*;

    static Axis other(Axis axis);
    static void sort(std::span<Place> places, Axis axis);
    static void search(std::span<const Place> places, Axis axis, const MapPoint& point,
                       Nearest& nearest);

    /// The middle place splits the others by latitude, the middle of each half splits it by
    /// longitude, and so on.
    std::vector<Place> places_;
    std::vector<Region> regions_;
};

/// Returns the table in the library; null in a build without it.
std::shared_ptr<const PlaceTable> embedded_places();

}  // namespace speciesnet
