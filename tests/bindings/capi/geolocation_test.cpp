// SPDX-License-Identifier: Apache-2.0
// Country and region from coordinates through the C ABI.
#include "handles.hpp"

using namespace speciesnet::capi_test;

namespace {

using GeolocatorHandle =
    std::unique_ptr<speciesnet_geolocator, Release<speciesnet_geolocator_free>>;

GeolocatorHandle make_geolocator() {
    speciesnet_geolocator* geolocator = nullptr;
    REQUIRE(speciesnet_geolocator_new(&geolocator, nullptr) == SPECIESNET_OK);
    return GeolocatorHandle(geolocator);
}

speciesnet_location yosemite() {
    speciesnet_location location;
    speciesnet_location_init(&location, sizeof location);
    location.latitude = 37.75;
    location.longitude = -119.5;
    return location;
}

}  // namespace

TEST_CASE("a place in the USA has a region, one elsewhere a country") {
    const auto geolocator = make_geolocator();
    char* text = nullptr;
    auto place = yosemite();
    place.country = "USA";
    REQUIRE(speciesnet_geolocator_admin1_region(geolocator.get(), &place, &text, nullptr) ==
            SPECIESNET_OK);
    CHECK(take_text(text) == "CA");
    REQUIRE(speciesnet_geolocator_country(geolocator.get(), -1.3, 36.8, &text, nullptr) ==
            SPECIESNET_OK);
    CHECK(take_text(text) == "KEN");
}

TEST_CASE("without a country there is no region, and a latitude of 91 is refused") {
    const auto geolocator = make_geolocator();
    char* text = nullptr;
    auto place = yosemite();
    CHECK(speciesnet_geolocator_admin1_region(geolocator.get(), &place, &text, nullptr) ==
          SPECIESNET_OK);
    CHECK(text == nullptr);
    CHECK(speciesnet_geolocator_country(geolocator.get(), 91, 0, &text, nullptr) ==
          SPECIESNET_ERROR_INVALID_ARGUMENT);
}
