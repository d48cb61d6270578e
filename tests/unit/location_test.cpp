// SPDX-License-Identifier: Apache-2.0
// Locations: the accepted forms.
#include "speciesnet/location.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/geofence.hpp"

#include "rules/country_table.hpp"

#include <limits>
#include <set>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

std::string country(std::string_view text) {
    return normalize_location({.country = std::string(text)}).country.value();
}

std::string region(std::string_view country, std::string_view text) {
    return normalize_location({.country = std::string(country), .admin1_region = std::string(text)})
        .admin1_region.value();
}

std::string refusal(std::string_view text) {
    try {
        return country(text);
    } catch (const InvalidArgument& error) {
        return error.what();
    }
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every part of a location may be unknown, or empty") {
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

TEST_CASE("countries are recognised by both codes and their names, in any case") {
    for (const auto* const text : {"KEN", "ken", "Ken", "KE", "ke", "Kenya", "KENYA", " kenya "}) {
        CHECK_MESSAGE(country(text) == "KEN", text);
    }
    CHECK(country("Côte d’Ivoire") == "CIV");
    CHECK(country("cote d'ivoire") == "CIV");
    CHECK(country("Ivory Coast") == "CIV");
    CHECK(country("CÔTE D'IVOIRE") == "CIV");
    CHECK(country("the United States of America") == "USA");
    CHECK(country("U.S.A.") == "USA");
    CHECK(country("UK") == "GBR");
    CHECK(country("DR Congo") == "COD");
    CHECK(country("Congo") == "COG");
    CHECK(country("St. Lucia") == "LCA");
    CHECK(country("Trinidad & Tobago") == "TTO");
    CHECK(country("Guinea-Bissau") == "GNB");
    CHECK(country("guinea bissau") == "GNB");
    CHECK(country("Kosovo") == "XKX");
    CHECK(country("São Tomé and Príncipe") == "STP");
    CHECK(country("Türkiye") == "TUR");
    CHECK(country("ca") == "CAN");
    CHECK(country("").empty());
    CHECK(country("  ").empty());
}

TEST_CASE("unknown countries are refused with suggestions") {
    CHECK(contains(refusal("KNE"), "\"KNE\""));
    CHECK(contains(refusal("KNE"), "did you mean KEN (Kenya)?"));
    CHECK(contains(refusal("Kenia"), "did you mean KEN (Kenya)?"));
    CHECK(contains(refusal("Tanzaina"), "did you mean TZA (Tanzania)?"));
    CHECK(contains(refusal("ZZZ"), "give a code such as KEN"));
    CHECK(contains(refusal("Middle Earth"), "give a code such as KEN"));
    CHECK(contains(refusal(std::string(100'000, 'a')), "give a code such as KEN"));
    CHECK(contains(refusal("\xFF\xC3"), "neither a code"));
    CHECK_THROWS_AS(normalize_location({.latitude = 91.0}), InvalidArgument);
}

TEST_CASE("regions are in capitals, and codes of ISO 3166-2 lose their country") {
    CHECK(region("USA", "ca") == "CA");
    CHECK(region("us", "US-ca") == "CA");
    CHECK(region("", "ca") == "CA");
    CHECK(region("USA", "").empty());
    CHECK_THROWS_AS(region("CAN", "US-CA"), InvalidArgument);
    CHECK_THROWS_AS(region("USA", "California"), InvalidArgument);
}

TEST_CASE("the table of countries is ISO 3166-1 with unique codes") {
    std::set<std::string_view> codes;
    for (const auto& entry : country_table) {
        CHECK(entry.alpha3.size() == 3);
        CHECK(entry.alpha2.size() == 2);
        CHECK(codes.insert(entry.alpha3).second);
        CHECK(codes.insert(entry.alpha2).second);
        const std::string name(entry.names.substr(0, entry.names.find('|')));
        CHECK_MESSAGE(country(name) == entry.alpha3, name);
    }
    CHECK(country_table.size() == 250);
}

TEST_CASE("a geofence lists the places that it names") {
    const auto geofence = Geofence::parse(
        R"({"a;b;c;d;e": {"allow": {"KEN": [], "USA": ["CA"]}}, "a;b;c;;": {"block": {"FRA": ["11"]}}})");
    CHECK(geofence.names("KEN"));
    CHECK(geofence.names("USA"));
    CHECK(geofence.names("USA", "CA"));
    CHECK(geofence.names("FRA", "11"));
    CHECK_FALSE(geofence.names("USA", "11"));
    CHECK_FALSE(geofence.names("KEN", "30"));
    CHECK_FALSE(geofence.names("XKX"));
}
