// SPDX-License-Identifier: Apache-2.0
// Reads the table and searches the k-d tree, which is stored as the order of the places.
#include "geolocation/place_table.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <type_traits>

namespace speciesnet {
namespace {

// The format: scripts/build_geolocation_table.py, encode().
constexpr std::string_view magic = "SpeciesNet places 1\n";
constexpr double steps_per_degree = 100'000;
constexpr std::size_t country_letters = 3;
constexpr std::size_t admin1_letters = 2;
constexpr std::size_t bytes_per_place = 2 * sizeof(std::int32_t) + sizeof(std::uint16_t);

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorCode::internal, "the table of places " + why);
}

/// Reads the table from front to back.
class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

    std::size_t remaining() const { return rest_.size(); }

    std::span<const std::byte> take(std::size_t count) {
        if (count > rest_.size()) {
            refuse("is truncated");
        }
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    std::string text(std::size_t count) {
        const auto bytes = take(count);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    /// Reads a little-endian value.
    template <typename Number>
    Number number() {
        std::uint64_t value = 0;
        unsigned shift = 0;
        for (const auto byte : take(sizeof(Number))) {
            value |= std::to_integer<std::uint64_t>(byte) << shift;
            shift += 8;
        }
        return static_cast<Number>(value);
    }

private:
    std::span<const std::byte> rest_;
};

}  // namespace

PlaceTable::PlaceTable(std::span<const std::byte> bytes) {
    Reader reader(bytes);
    if (reader.text(magic.size()) != magic) {
        refuse("has an unknown format");
    }
    while (reader.number<char>() != '\0') {  // the rest of the header is for human readers
    }

    const auto region_count = reader.number<std::uint32_t>();
    const auto place_count = reader.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < region_count; ++i) {
        auto country = reader.text(country_letters);
        auto admin1_region = reader.text(admin1_letters);
        const bool has_admin1_region = admin1_region != "  ";
        regions_.push_back({std::move(country), has_admin1_region
                                                    ? std::optional(std::move(admin1_region))
                                                    : std::nullopt});
    }

    if (place_count == 0 || reader.remaining() != place_count * bytes_per_place) {
        refuse("contains fewer places than it declares");
    }
    places_.reserve(place_count);
    for (std::uint32_t i = 0; i < place_count; ++i) {
        // The division gives exactly the values that the reference reads from text with five
        // decimals.
        const double latitude = reader.number<std::int32_t>() / steps_per_degree;
        const double longitude = reader.number<std::int32_t>() / steps_per_degree;
        const auto region = reader.number<std::uint16_t>();
        if (region >= regions_.size()) {
            refuse("names a region that it does not contain");
        }
        places_.push_back({{latitude, longitude}, region});
    }
    sort(places_, &MapPoint::latitude);
}

const PlaceTable::Region& PlaceTable::nearest(std::initializer_list<MapPoint> points) const {
    Nearest nearest{&places_.front(), std::numeric_limits<double>::infinity()};
    for (const auto& point : points) {
        search(places_, &MapPoint::latitude, point, nearest);
    }
    return regions_[nearest.place->region];
}

PlaceTable::Axis PlaceTable::other(Axis axis) {
    return axis == &MapPoint::latitude ? &MapPoint::longitude : &MapPoint::latitude;
}

void PlaceTable::sort(std::span<Place> places, Axis axis) {
    if (places.size() < 2) {
        return;
    }
    const std::size_t middle = places.size() / 2;
    std::ranges::nth_element(places, places.begin() + static_cast<std::ptrdiff_t>(middle), {},
                             [axis](const Place& place) { return place.position.*axis; });
    sort(places.first(middle), other(axis));
    sort(places.subspan(middle + 1), other(axis));
}

void PlaceTable::search(std::span<const Place> places, Axis axis, const MapPoint& point,
                        Nearest& nearest) {
    if (places.empty()) {
        return;
    }
    const std::size_t middle = places.size() / 2;
    const Place& place = places[middle];
    const double latitudes = point.latitude - place.position.latitude;
    const double longitudes = point.longitude - place.position.longitude;
    const double squared_distance = latitudes * latitudes + longitudes * longitudes;
    if (squared_distance < nearest.squared_distance) {
        nearest = {&place, squared_distance};
    }

    const auto below = places.first(middle);
    const auto above = places.subspan(middle + 1);
    const double beyond = point.*axis - place.position.*axis;
    search(beyond < 0 ? below : above, other(axis), point, nearest);
    if (beyond * beyond < nearest.squared_distance) {  // the other half may hold a nearer place
        search(beyond < 0 ? above : below, other(axis), point, nearest);
    }
}

}  // namespace speciesnet
