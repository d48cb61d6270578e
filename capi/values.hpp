// SPDX-License-Identifier: Apache-2.0
// Plain values between the C structs and the C++ types.
#pragma once

#include "speciesnet/geolocation.hpp"
#include "speciesnet/inference.hpp"
#include "speciesnet/location.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/prediction.hpp"

#include "capi/speciesnet.h"
#include "capi/status.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace speciesnet::capi {

/// A number of the C ABI as the C++ enumeration with the same numbers.
/// @throws InvalidArgument naming the value if it is not within first … last
template <typename Enumeration>
Enumeration enumerator(std::int32_t number, Enumeration first, Enumeration last, const char* name);

/// @throws InvalidArgument naming the value if it is neither 0 nor 1
bool to_flag(std::int32_t number, const char* name);

/// @return 0 for SPECIESNET_ALL_CORES
/// @throws InvalidArgument if it is neither that nor at least 1
int to_threads(std::int32_t threads);

/// @throws InvalidArgument if it is no SPECIESNET_PRECISION_
Precision to_precision(std::int32_t precision);

/// @throws InvalidArgument for bits that are no SPECIESNET_GEOLOCATION_
GeolocationOptions to_geolocation(std::int32_t bits);

/// @throws InvalidArgument for an uninitialised struct or a malformed place
Location to_location(const speciesnet_location* location);
/// The strings of the result are those of `location`.
speciesnet_location from_location(const Location& location) noexcept;

/// @throws InvalidArgument for an unknown category or a box that is not finite
Detection to_detection(const speciesnet_detection& detection);
speciesnet_detection from_detection(const Detection& detection) noexcept;

/// @throws InvalidArgument for an uninitialised struct
DecodeLimits to_limits(const speciesnet_decode_limits* limits);

/// @throws InvalidArgument for null arrays or entries and scores that are not finite
Classification to_classification(const char* const* classes, const double* scores,
                                 std::size_t count);

/// SPECIESNET_ALL is no limit.
inline std::optional<std::size_t> to_maximum(std::size_t maximum) {
    return maximum == SPECIESNET_ALL ? std::nullopt : std::optional(maximum);
}

template <typename Enumeration>
Enumeration enumerator(std::int32_t number, Enumeration first, Enumeration last, const char* name) {
    if (number < static_cast<std::int32_t>(first) || number > static_cast<std::int32_t>(last)) {
        throw InvalidArgument(std::string(name) + ": there is no " + std::to_string(number));
    }
    return static_cast<Enumeration>(number);
}

}  // namespace speciesnet::capi
