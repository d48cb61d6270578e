// SPDX-License-Identifier: Apache-2.0
// Converts plain values between C structs and C++ types.
#include "capi/values.hpp"

#include "capi/options.hpp"
#include "capi/status.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <span>

namespace speciesnet::capi {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// The rules about locations check an empty text, and report the fault.
std::optional<std::string> optional_text(const char* text, const char* name) {
    if (text == nullptr) {
        return std::nullopt;
    }
    return *text == '\0' ? text : require_text(text, name);
}
std::optional<double> optional_number(double number) {
    return std::isnan(number) ? std::nullopt : std::optional(number);
}

}  // namespace

bool to_flag(std::int32_t number, const char* name) {
    if (number != 0 && number != 1) {
        throw InvalidArgument(std::string(name) + " is neither 0 nor 1");
    }
    return number == 1;
}

std::optional<int> to_digits(std::int32_t digits, std::int32_t most, const char* name) {
    if (digits == SPECIESNET_SHORTEST) {
        return std::nullopt;
    }
    return within(digits, std::int32_t{0}, most, name);
}

std::optional<std::vector<std::string>> to_labels(const char* const* labels, std::size_t count,
                                                  const char* name) {
    if (labels == nullptr) {
        if (count > 0) {
            throw InvalidArgument(std::string(name) + "_count is given without " + name);
        }
        return std::nullopt;
    }
    std::vector<std::string> result;
    for (const auto* label : std::span(labels, count)) {
        result.emplace_back(require_text(label, (std::string("an entry of ") + name).c_str()));
    }
    return result;
}

std::optional<std::chrono::steady_clock::time_point> to_deadline(std::uint64_t milliseconds) {
    if (milliseconds == UINT64_MAX) {
        return std::nullopt;
    }
    // More than a year could overflow the clock.
    static constexpr std::uint64_t longest = std::uint64_t{366} * 24 * 60 * 60 * 1000;
    return std::chrono::steady_clock::now() +
           std::chrono::milliseconds(std::min(milliseconds, longest));
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

Classification to_classification(const speciesnet_scored_label* classes, std::size_t count) {
    Classification classification;
    for (std::size_t index = 0; index < count; ++index) {
        const auto& [label, score] = require(classes, "classes")[index];
        if (!std::isfinite(score)) {
            throw InvalidArgument("the score of an entry of classes is not finite");
        }
        classification.classes.emplace_back(
            require_text(label, "the label of an entry of classes"));
        classification.scores.push_back(score);
    }
    return classification;
}

}  // namespace speciesnet::capi

void speciesnet_location_init(speciesnet_location* location, size_t size) {
    speciesnet::capi::fill_defaults(location, size, speciesnet::capi::from_location({}));
}
