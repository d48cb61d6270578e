// Places: the forms that are taken.
#include "speciesnet/location.hpp"

#include "speciesnet/error.hpp"

#include <limits>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("every part of a place may be unknown, or empty") {
    CHECK_NOTHROW(check_location({}));
    CHECK_NOTHROW(check_location({.country = "", .admin1_region = ""}));
    CHECK_NOTHROW(check_location(
        {.country = "KEN", .admin1_region = "30", .latitude = -90.0, .longitude = 180.0}));
}

TEST_CASE("codes have 3 and 2 characters, whatever their bytes") {
    CHECK_THROWS_AS(check_location({.country = "KE"}), InvalidArgument);
    CHECK_THROWS_AS(check_location({.country = "Kenya"}), InvalidArgument);
    CHECK_THROWS_AS(check_location({.admin1_region = "C"}), InvalidArgument);
    CHECK_THROWS_AS(check_location({.admin1_region = "US-CA"}), InvalidArgument);
    CHECK_NOTHROW(check_location({.country = "ÄÖÜ", .admin1_region = "éé"}));
    CHECK_THROWS_AS(check_location({.country = "é-"}), InvalidArgument);
}

TEST_CASE("coordinates are degrees") {
    CHECK_THROWS_AS(check_location({.latitude = 90.001}), InvalidArgument);
    CHECK_THROWS_AS(check_location({.longitude = -180.001}), InvalidArgument);
    CHECK_THROWS_AS(check_location({.latitude = std::numeric_limits<double>::quiet_NaN()}),
                    InvalidArgument);
    CHECK_THROWS_AS(check_location({.longitude = std::numeric_limits<double>::infinity()}),
                    InvalidArgument);
}
