// SPDX-License-Identifier: Apache-2.0
// The table of places: its format, and the nearest of a few places on a map small enough to check
// by hand.
#include "speciesnet/error.hpp"

#include "geolocation/place_table.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

struct Entry {
    double latitude;
    double longitude;
    std::uint16_t region;
};

void append_number(std::string& bytes, std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) {
        bytes.push_back(static_cast<char>(value >> 8 * i & 0xff));
    }
}

std::string table_of(std::string_view regions, const std::vector<Entry>& entries) {
    std::string bytes = "SpeciesNet places 1\nfor tests\n";
    bytes.push_back('\0');
    append_number(bytes, static_cast<std::uint32_t>(regions.size() / 5), 4);
    append_number(bytes, static_cast<std::uint32_t>(entries.size()), 4);
    bytes += regions;
    for (const auto& [latitude, longitude, region] : entries) {
        append_number(bytes, static_cast<std::uint32_t>(std::lround(latitude * 100'000)), 4);
        append_number(bytes, static_cast<std::uint32_t>(std::lround(longitude * 100'000)), 4);
        append_number(bytes, region, 2);
    }
    return bytes;
}

PlaceTable read(const std::string& bytes) {
    return PlaceTable(std::as_bytes(std::span(bytes)));
}

// Four places, whose countries' first two letters give their direction.
const std::vector<Entry> compass{{-10, 0, 0}, {0, -20.5, 1}, {0, 20.5, 2}, {10, 0, 3}};
constexpr std::string_view compass_regions = "SOO  WEE  EAAEENOO  ";

std::string nearest_country(const PlaceTable& table, double latitude, double longitude) {
    return table.nearest({{latitude, longitude}}).country;
}

}  // namespace

TEST_CASE("the region of the nearest place is returned, in any direction") {
    const auto table = read(table_of(compass_regions, compass));
    CHECK(nearest_country(table, 8, 1) == "NOO");
    CHECK(nearest_country(table, -8, 1) == "SOO");
    CHECK(nearest_country(table, 3, 19) == "EAA");
    CHECK(nearest_country(table, -3, -19) == "WEE");
    CHECK(nearest_country(table, 90, 180) == "EAA");
    CHECK(nearest_country(table, -90, 0) == "SOO");
}

TEST_CASE("the nearest of many places is the one that a linear search finds") {
    // A spiral, so that the places are not sorted.
    std::vector<Entry> spiral;
    std::string regions;
    for (int i = 0; i < 100; ++i) {
        spiral.push_back({std::round(0.8 * i * std::sin(i)), std::round(1.7 * i * std::cos(i)),
                          static_cast<std::uint16_t>(i)});
        regions +=
            std::string{'A', static_cast<char>('A' + i / 10), static_cast<char>('A' + i % 10)} +
            "  ";
    }
    const auto table = read(table_of(regions, spiral));
    for (double latitude = -90.25; latitude < 91; latitude += 10.125) {
        for (double longitude = -200.375; longitude < 200; longitude += 20.0625) {
            const auto squared_distance = [&](const Entry& entry) {
                return std::pow(entry.latitude - latitude, 2) +
                       std::pow(entry.longitude - longitude, 2);
            };
            const auto nearest = std::ranges::min_element(spiral, {}, squared_distance);
            CHECK(nearest_country(table, latitude, longitude) ==
                  regions.substr(5 * nearest->region, 3));
        }
    }
}

TEST_CASE("for several points, the place nearest to any of them counts") {
    const auto table = read(table_of(compass_regions, compass));
    CHECK(table.nearest({{0, 0.5}, {9, 0}}).country == "NOO");
    CHECK(table.nearest({{9, 0}, {0, 0.5}}).country == "NOO");
    CHECK(table.nearest({{-9.5, 0}, {9, 0}}).country == "SOO");
}

TEST_CASE("distance is measured in degrees on a map, not on the ground") {
    // At 60° north a degree of longitude is half as long on the ground as one of latitude.
    const auto table = read(table_of("EAS  NOR  ", {{60, 16, 0}, {65, 10, 1}}));
    CHECK(nearest_country(table, 60, 10) == "NOR");
    CHECK(nearest_country(table, 60, 11.2) == "EAS");
}

TEST_CASE("places two metres apart are distinguished") {
    const auto table = read(table_of("WES  EAS  ", {{0, 100.00000, 0}, {0, 100.00002, 1}}));
    CHECK(nearest_country(table, 0, 100.000009) == "WES");
    CHECK(nearest_country(table, 0, 100.000011) == "EAS");
}

TEST_CASE("a region of two spaces is not a region") {
    const auto table = read(table_of(compass_regions, compass));
    CHECK(table.nearest({{0, 20}}) == PlaceTable::Region{"EAA", "EE"});
    CHECK(table.nearest({{0, -20}}) == PlaceTable::Region{"WEE", std::nullopt});
}

TEST_CASE("bytes that are not a table are refused") {
    const auto good = table_of(compass_regions, compass);
    CHECK_NOTHROW(read(good));
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK_THROWS_AS(read(good.substr(0, size)), Error);
    }
    CHECK_THROWS_AS(read(good + '\0'), Error);
    CHECK_THROWS_AS(read("S" + good), Error);
    CHECK_THROWS_AS(read(table_of(compass_regions, {})), Error);
    CHECK_THROWS_AS(read(table_of(compass_regions, {{0, 0, 4}})), Error);
}
