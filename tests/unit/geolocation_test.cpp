// SPDX-License-Identifier: Apache-2.0
// Regions and countries from coordinates: the reference's rules, and its answers at 10,000 points.
#include "speciesnet/geolocation.hpp"

#include "speciesnet/error.hpp"

#include "image_fixtures.hpp"

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;
using Region = std::optional<std::string>;

namespace {

Region region_at(const char* country, double latitude, double longitude) {
    return Geolocator().admin1_region(
        {.country = country, .latitude = latitude, .longitude = longitude});
}

}  // namespace

TEST_CASE("a region given with a country is kept, whatever the coordinates") {
    const Geolocator geolocator;
    CHECK(geolocator.admin1_region({.country = "USA", .admin1_region = "HI"}) == "HI");
    const Location maine{
        .country = "USA", .admin1_region = "CA", .latitude = 46.01, .longitude = -69.19};
    CHECK(geolocator.admin1_region(maine) == "CA");
    CHECK(geolocator.admin1_region({.country = "PRI", .admin1_region = "XX"}) == "XX");
}

TEST_CASE("a region given without a country is dropped") {
    const Geolocator geolocator;
    CHECK_FALSE(geolocator.admin1_region({.admin1_region = "AK"}));
    CHECK_FALSE(geolocator.admin1_region({.country = "", .admin1_region = "AK"}));
}

TEST_CASE("an empty region counts as not given") {
    CHECK(Geolocator().admin1_region(
              {.country = "USA", .admin1_region = "", .latitude = 37, .longitude = -119}) == "CA");
}

TEST_CASE("without a country or either coordinate there is no region") {
    const Geolocator geolocator;
    CHECK_FALSE(geolocator.admin1_region({}));
    CHECK_FALSE(geolocator.admin1_region({.latitude = 37, .longitude = -119}));
    CHECK_FALSE(geolocator.admin1_region({.country = "USA"}));
    CHECK_FALSE(geolocator.admin1_region({.country = "USA", .latitude = 37}));
    CHECK_FALSE(geolocator.admin1_region({.country = "USA", .longitude = -119}));
}

TEST_CASE("in the USA the region is the state of the nearest place") {
    CHECK(region_at("USA", 65, -150) == "AK");
    CHECK(region_at("USA", 19, -155) == "HI");
    CHECK(region_at("USA", 37, -119) == "CA");
    CHECK(region_at("USA", 46.01, -69.19) == "ME");
    CHECK(region_at("USA", 38.63, -103.43) == "CO");
    CHECK(region_at("USA", 38.92, -77.01) == "DC");
}

TEST_CASE("a territory is a region of the USA, and has none when it is the country") {
    CHECK(region_at("USA", -14.23, -169.46) == "AS");
    CHECK(region_at("USA", 13.42, 144.71) == "GU");
    CHECK(region_at("USA", 16.34, 145.66) == "MP");
    CHECK(region_at("USA", 18.22, -66.67) == "PR");
    CHECK(region_at("USA", 18.35, -64.71) == "VI");
    CHECK_FALSE(region_at("PRI", 18.22, -66.67));
    CHECK_FALSE(region_at("ASM", -14.23, -169.46));
}

TEST_CASE("the uninhabited territories are not found, as in the reference") {
    CHECK_FALSE(region_at("USA", 19.28, 166.64));
}

TEST_CASE("coordinates outside the USA have no region of the USA") {
    CHECK_FALSE(region_at("USA", 0, 0));
    CHECK_FALSE(region_at("USA", -23, 133));
    CHECK_FALSE(region_at("USA", 45, 0));
}

TEST_CASE("other countries have no regions, however the country is written") {
    CHECK_FALSE(region_at("AUS", -23, 133));
    CHECK_FALSE(region_at("BRA", -8, -56));
    CHECK_FALSE(region_at("usa", 37, -119));
}

TEST_CASE("the country is that of the nearest place, and a territory is its own country") {
    const Geolocator geolocator;
    CHECK(geolocator.country(-1.29, 36.82) == "KEN");
    CHECK(geolocator.country(37, -119) == "USA");
    CHECK(geolocator.country(18.22, -66.67) == "PRI");
    CHECK(geolocator.country(42.66, 21.16) == "XKX");
}

TEST_CASE("the country's nearest place may lie across the antimeridian") {
    // The 180th meridian crosses Taveuni, whose nearest town is west of it. On a map that ends
    // there, the nearest town to the eastern part is on Wallis and Futuna.
    CHECK(Geolocator().country(-16.85, -179.98) == "FJI");
    CHECK(Geolocator().country(-16.85, 179.98) == "FJI");
}

TEST_CASE("invalid coordinates are an error if they are needed") {
    const Geolocator geolocator;
    const double not_a_number = std::nan("");
    CHECK_THROWS_AS(geolocator.country(90.01, 0), InvalidArgument);
    CHECK_THROWS_AS(geolocator.country(0, -180.01), InvalidArgument);
    CHECK_THROWS_AS(geolocator.country(not_a_number, 0), InvalidArgument);
    CHECK_THROWS_AS(geolocator.country(0, not_a_number), InvalidArgument);
    CHECK_THROWS_AS(region_at("USA", 0, INFINITY), InvalidArgument);
    CHECK(geolocator.country(90, 180).size() == 3);
    CHECK_NOTHROW(region_at("KEN", 91, 0));
}

TEST_CASE("10,000 points have the reference's region and country") {
    const std::string path = SPECIESNET_FIXTURES "/geolocation_10k.csv";
    std::ifstream file(path);
    REQUIRE_MESSAGE(file, path);
    const Geolocator geolocator;
    int points = 0;
    for (std::string line; std::getline(file, line); ++points) {
        std::istringstream fields(line);
        Location location{.country = "USA", .latitude = 0.0, .longitude = 0.0};
        char comma = 0;
        std::string country;
        std::string region;
        fields >> *location.latitude >> comma >> *location.longitude >> comma;
        std::getline(fields, country, ',');
        std::getline(fields, region);

        INFO(line);
        CHECK(geolocator.admin1_region(location).value_or("") == region);
        CHECK(geolocator.country(*location.latitude, *location.longitude) == country);
    }
    CHECK(points == 10'000);
}

TEST_CASE("a location is completed as in the reference, unless more is requested") {
    const Geolocator geolocator;
    const auto complete = [&](Location location, const GeolocationOptions& options = {}) {
        return geolocator.complete(std::move(location), "missing.jpg", options);
    };
    const Location yosemite{.country = "USA", .latitude = 37.8, .longitude = -119.5};
    CHECK(complete(yosemite).admin1_region == "CA");
    CHECK(complete(yosemite).latitude == 37.8);

    Location somewhere = yosemite;
    somewhere.country.reset();
    CHECK(complete(somewhere) == somewhere);
    CHECK(complete(somewhere, {.country_from_coordinates = true}).country == "USA");
    CHECK(complete(somewhere, {.country_from_coordinates = true}).admin1_region == "CA");

    Location elsewhere = yosemite;
    elsewhere.country = "KEN";
    CHECK(complete(elsewhere, {.country_from_coordinates = true}) == elsewhere);
    CHECK_FALSE(complete({.admin1_region = "CA"}).admin1_region);
    CHECK(complete({.country = "USA"}, {.coordinates_from_exif = true}).latitude == std::nullopt);
}

TEST_CASE("coordinates are read from the photo only if requested and not given") {
    const Geolocator geolocator;
    const auto photo = picture_path("jpeg_gps.jpg");
    const GeolocationOptions exif{.coordinates_from_exif = true};
    CHECK_FALSE(geolocator.complete({.country = "USA"}, photo).latitude);
    const auto found = geolocator.complete({.country = "USA"}, photo, exif);
    CHECK(found.latitude == doctest::Approx(37.75));
    CHECK(found.longitude == doctest::Approx(-119.5));
    CHECK(found.admin1_region == "CA");
    const Location maine{.country = "USA", .latitude = 46.01, .longitude = -69.19};
    CHECK(geolocator.complete(maine, photo, exif).admin1_region == "ME");
}
