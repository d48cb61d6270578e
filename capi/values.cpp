// SPDX-License-Identifier: Apache-2.0
// Plain values between the C structs and the C++ types.
#include "capi/values.hpp"

#include "capi/options.hpp"
#include "capi/status.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>

namespace speciesnet::capi {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// An empty text is left to the rules about places, which name what is wrong with it.
std::optional<std::string> optional_text(const char* text, const char* name) {
    if (text == nullptr) {
        return std::nullopt;
    }
    return *text == '\0' ? text : require_text(text, name);
}
std::optional<double> optional_number(double number) {
    return std::isnan(number) ? std::nullopt : std::optional(number);
}

speciesnet_decode_limits default_limits() {
    const DecodeLimits defaults;
    return {sizeof(speciesnet_decode_limits),
            defaults.max_bytes,
            defaults.max_pixels,
            defaults.max_work,
            defaults.max_memory,
            0};
}

}  // namespace

bool to_flag(std::int32_t number, const char* name) {
    if (number != 0 && number != 1) {
        throw InvalidArgument(std::string(name) + " is neither 0 nor 1");
    }
    return number == 1;
}

int to_threads(std::int32_t threads) {
    if (threads < 1 && threads != SPECIESNET_ALL_CORES) {
        throw InvalidArgument("threads is neither at least 1 nor SPECIESNET_ALL_CORES");
    }
    return threads == SPECIESNET_ALL_CORES ? 0 : threads;
}

Precision to_precision(std::int32_t precision) {
    return enumerator(precision, Precision::float32, Precision::automatic, "precision");
}

GeolocationOptions to_geolocation(std::int32_t bits) {
    constexpr std::int32_t known = SPECIESNET_GEOLOCATION_EXIF | SPECIESNET_GEOLOCATION_COUNTRY |
                                   SPECIESNET_GEOLOCATION_AS_GIVEN;
    if ((bits & ~known) != 0) {
        throw InvalidArgument("geolocation has bits that are no SPECIESNET_GEOLOCATION_");
    }
    return {.coordinates_from_exif = (bits & SPECIESNET_GEOLOCATION_EXIF) != 0,
            .country_from_coordinates = (bits & SPECIESNET_GEOLOCATION_COUNTRY) != 0,
            .places_as_given = (bits & SPECIESNET_GEOLOCATION_AS_GIVEN) != 0};
}

speciesnet_location from_location(const Location& location) noexcept {
    const auto text = [](const std::optional<std::string>& value) {
        return value ? value->c_str() : nullptr;
    };
    return {sizeof(speciesnet_location),          text(location.country),
            text(location.admin1_region),         location.latitude.value_or(unknown),
            location.longitude.value_or(unknown), text(location.station)};
}

Location to_location(const speciesnet_location* location) {
    const auto given = read_options(location, from_location({}), "speciesnet_location");
    return {.country = optional_text(given.country, "country"),
            .admin1_region = optional_text(given.admin1_region, "admin1_region"),
            .latitude = optional_number(given.latitude),
            .longitude = optional_number(given.longitude),
            .station = optional_text(given.station, "station")};
}

Detection to_detection(const speciesnet_detection& detection) {
    const auto& bbox = detection.bbox;
    if (!std::isfinite(detection.conf) ||
        !std::all_of(std::begin(bbox), std::end(bbox),
                     [](double side) { return std::isfinite(side); })) {
        throw InvalidArgument("a detection's conf or bbox is not finite");
    }
    return {.category = enumerator(detection.category, Category::whole_image, Category::vehicle,
                                   "speciesnet_detection.category"),
            .conf = detection.conf,
            .bbox = {bbox[0], bbox[1], bbox[2], bbox[3]}};
}

speciesnet_detection from_detection(const Detection& detection) noexcept {
    const auto& bbox = detection.bbox;
    return {static_cast<std::int32_t>(detection.category),
            0,
            detection.conf,
            {bbox.xmin, bbox.ymin, bbox.width, bbox.height}};
}

DecodeLimits to_limits(const speciesnet_decode_limits* limits) {
    const auto given = read_options(limits, default_limits(), "speciesnet_decode_limits");
    DecodeLimits result{.max_bytes = given.max_bytes,
                        .max_pixels = given.max_pixels,
                        .max_work = given.max_work,
                        .max_memory = given.max_memory};
    // More than a year would overflow the clock sooner or later.
    static constexpr std::uint64_t longest = std::uint64_t{366} * 24 * 60 * 60 * 1000;
    if (given.max_milliseconds != 0) {
        result.deadline = std::chrono::steady_clock::now() +
                          std::chrono::milliseconds(std::min(given.max_milliseconds, longest));
    }
    return result;
}

Classification to_classification(const char* const* classes, const double* scores,
                                 std::size_t count) {
    if (count > 0) {
        require(classes, "classes");
        require(scores, "scores");
    }
    Classification classification;
    for (std::size_t index = 0; index < count; ++index) {
        classification.classes.emplace_back(require_text(classes[index], "an entry of classes"));
        if (!std::isfinite(scores[index])) {
            throw InvalidArgument("an entry of scores is not finite");
        }
        classification.scores.push_back(scores[index]);
    }
    return classification;
}

}  // namespace speciesnet::capi

void speciesnet_decode_limits_init(speciesnet_decode_limits* limits, size_t size) {
    speciesnet::capi::fill_defaults(limits, size, speciesnet::capi::default_limits());
}

void speciesnet_location_init(speciesnet_location* location, size_t size) {
    speciesnet::capi::fill_defaults(location, size, speciesnet::capi::from_location({}));
}
