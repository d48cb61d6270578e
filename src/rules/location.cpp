// SPDX-License-Identifier: Apache-2.0
// Checks the form of country and region codes, and the ranges of coordinates.
#include "speciesnet/location.hpp"

#include "speciesnet/error.hpp"

#include "rules/region_codes.hpp"

#include <algorithm>
#include <cmath>

namespace speciesnet {
namespace {

void check_length(const char* field, std::string_view code, std::ptrdiff_t length,
                  const char* example) {
    // Counts characters instead of bytes: all bytes except UTF-8 continuation bytes.
    const auto characters = std::count_if(code.begin(), code.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    });
    if (!code.empty() && characters != length) {
        throw InvalidArgument(std::string(field) + " is \"" + std::string(code) + "\", not of " +
                              std::to_string(length) + " characters such as " + example);
    }
}

void check_degrees(const char* field, const std::optional<double>& degrees, double limit) {
    if (degrees && !(std::abs(*degrees) <= limit)) {
        throw InvalidArgument(std::string(field) + " is " + std::to_string(*degrees) +
                              ", not within " + std::to_string(static_cast<int>(limit)) +
                              " degrees");
    }
}

}  // namespace

void check_country(std::string_view country) {
    check_length("country", country, 3, "KEN");
}

void check_admin1_region(std::string_view admin1_region) {
    check_length("admin1_region", admin1_region, 2, "CA");
}

void check_location(const Location& location) {
    check_country(location.country.value_or(""));
    check_admin1_region(location.admin1_region.value_or(""));
    check_degrees("latitude", location.latitude, 90);
    check_degrees("longitude", location.longitude, 180);
}

}  // namespace speciesnet
