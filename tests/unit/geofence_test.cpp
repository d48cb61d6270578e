// SPDX-License-Identifier: Apache-2.0
// Allow and block lists.
#include "speciesnet/geofence.hpp"

#include "speciesnet/error.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

const std::string lion = "u;mammalia;carnivora;felidae;panthera;leo;lion";

/// Checks the lion with a geofence that has this entry.
GeofenceRule check(const std::string& entry, std::optional<std::string> country,
                   std::optional<std::string> region = {}) {
    const auto geofence =
        Geofence::parse(R"({"mammalia;carnivora;felidae;panthera;leo": )" + entry + "}");
    return geofence.check(lion,
                          {.country = std::move(country), .admin1_region = std::move(region)});
}

std::string message_of(const std::string& json) {
    try {
        Geofence::parse(json, "geofence.json");
    } catch (const ModelError& error) {
        CHECK(error.code() == ErrorCode::model_invalid);
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a country missing from an allow list blocks the label") {
    CHECK(check(R"({"allow": {"KEN": []}})", "USA") == GeofenceRule::country_not_allowed);
    CHECK(check(R"({"allow": {"KEN": []}})", "KEN") == GeofenceRule::none);
}

TEST_CASE("if some regions of a country are allowed, the others are blocked") {
    const auto* const entry = R"({"allow": {"USA": ["CA", "TX"]}})";
    CHECK(check(entry, "USA", "TX") == GeofenceRule::none);
    CHECK(check(entry, "USA", "NV") == GeofenceRule::region_not_allowed);
    CHECK(check(entry, "USA") == GeofenceRule::none);
    CHECK(check(entry, "USA", "") == GeofenceRule::none);
    CHECK(check(R"({"allow": {"USA": []}})", "USA", "NV") == GeofenceRule::none);
}

TEST_CASE("an allow list without countries allows all") {
    CHECK(check(R"({"allow": {}})", "USA") == GeofenceRule::none);
    CHECK(check(R"({"allow": null})", "USA") == GeofenceRule::none);
}

TEST_CASE("a blocked country or region blocks the label") {
    const auto* const entry = R"({"block": {"AUS": [], "USA": ["CA"]}})";
    CHECK(check(entry, "AUS") == GeofenceRule::country_blocked);
    CHECK(check(entry, "AUS", "NT") == GeofenceRule::country_blocked);
    CHECK(check(entry, "USA", "CA") == GeofenceRule::region_blocked);
    CHECK(check(entry, "USA", "NV") == GeofenceRule::none);
    CHECK(check(entry, "USA") == GeofenceRule::none);
    CHECK(check(entry, "KEN") == GeofenceRule::none);
}

TEST_CASE("an allowed country or region may still be blocked") {
    const auto* const entry = R"({"allow": {"USA": []}, "block": {"USA": ["CA"]}})";
    CHECK(check(entry, "USA", "CA") == GeofenceRule::region_blocked);
    CHECK(check(entry, "USA", "NV") == GeofenceRule::none);
    CHECK(check(entry, "KEN", "NV") == GeofenceRule::country_not_allowed);
}

TEST_CASE("without a country, and without an entry, nothing is blocked") {
    CHECK(check(R"({"allow": {"KEN": []}})", std::nullopt) == GeofenceRule::none);
    CHECK(check(R"({"allow": {"KEN": []}})", "") == GeofenceRule::none);
    CHECK(Geofence::parse("{}").check(lion, {.country = "USA"}) == GeofenceRule::none);
    CHECK(check("{}", "USA") == GeofenceRule::none);
}

TEST_CASE("countries have 3 characters and regions 2; anything else is an error") {
    CHECK_THROWS_AS(check("{}", "US"), InvalidArgument);
    CHECK_THROWS_AS(check("{}", "Kenya"), InvalidArgument);
    CHECK_THROWS_AS(check("{}", "USA", "CAL"), InvalidArgument);
    CHECK_THROWS_AS(Geofence::parse("{}").check("a;b", {.country = "USA"}), InvalidArgument);
    CHECK_NOTHROW(check("{}", std::nullopt, "CAL"));
}

TEST_CASE("the last of two entries for a label counts") {
    const auto geofence = Geofence::parse(
        R"({"mammalia;carnivora;felidae;panthera;leo": {"block": {"USA": []}},
            "mammalia;carnivora;felidae;panthera;leo": {"block": {"KEN": []}, "block": {}}})");
    CHECK(geofence.size() == 1);
    CHECK(geofence.check(lion, {.country = "USA"}) == GeofenceRule::none);
    CHECK(geofence.check(lion, {.country = "KEN"}) == GeofenceRule::none);
}

TEST_CASE("broken files are refused, and the entry is named") {
    const auto names = [](const std::string& json, std::string_view part) {
        const auto message = message_of(json);
        CAPTURE(message);
        CHECK(message.find("geofence.json") != std::string::npos);
        CHECK(message.find(part) != std::string::npos);
    };
    names("", "not a JSON object");
    names("[]", "not a JSON object");
    names(R"({"a": {"allow": {}})", "not a JSON object");
    names(R"({"a": 1})", "\"a\"");
    names(R"({"a": {"allow": ["USA"]}})", "\"allow\" is not an object");
    names(R"({"a": {"block": {"USA": "CA"}}})", "\"USA\"");
    names(R"({"a": {"block": {"USA": ["CA", 1]}}})", "\"USA\"");
}

TEST_CASE("rules have stable names") {
    CHECK(geofence_rule_name(GeofenceRule::none) == "none");
    CHECK(geofence_rule_name(GeofenceRule::country_not_allowed) == "country_not_allowed");
    CHECK(geofence_rule_name(GeofenceRule::region_not_allowed) == "region_not_allowed");
    CHECK(geofence_rule_name(GeofenceRule::country_blocked) == "country_blocked");
    CHECK(geofence_rule_name(GeofenceRule::region_blocked) == "region_blocked");
}
