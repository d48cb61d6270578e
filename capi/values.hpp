// SPDX-License-Identifier: Apache-2.0
// Converts plain values between C structs and C++ types.
#pragma once

#include "speciesnet/location.hpp"
#include "speciesnet/prediction.hpp"

#include "capi/speciesnet.h"
#include "capi/status.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace speciesnet::capi {

/// Converts a value of the C ABI to the C++ enumeration with the same values.
/// @throws InvalidArgument naming the value if it is outside first … last
template <typename Enumeration>
Enumeration enumerator(std::int32_t number, Enumeration first, Enumeration last, const char* name);

/// @throws InvalidArgument naming the value if it is neither 0 nor 1
bool to_flag(std::int32_t number, const char* name);

/// @throws InvalidArgument naming the value if it is outside least … most
template <typename Number>
Number within(Number value, Number least, Number most, const char* name);

/// @throws InvalidArgument naming the value if it is neither SPECIESNET_SHORTEST nor 0 to `most`
std::optional<int> to_digits(std::int32_t digits, std::int32_t most, const char* name);

/// @return nothing for NULL
/// @throws InvalidArgument for a count without an array, or an entry that is not a string
std::optional<std::vector<std::string>> to_labels(const char* const* labels, std::size_t count,
                                                  const char* name);

/// @return nothing for UINT64_MAX
std::optional<std::chrono::steady_clock::time_point> to_deadline(std::uint64_t milliseconds);

/// @throws InvalidArgument for an uninitialised struct or a malformed location
Location to_location(const speciesnet_location* location);
/// Returns a struct whose strings are those of `location`.
speciesnet_location from_location(const Location& location) noexcept;

/// @throws InvalidArgument for an unknown category, or a box that is not finite
Detection to_detection(const speciesnet_detection& detection);
speciesnet_detection from_detection(const Detection& detection) noexcept;

/// @throws InvalidArgument for a null array or entry, or scores that are not finite
Classification to_classification(const speciesnet_scored_label* classes, std::size_t count);

/// @return nothing for NULL
inline std::optional<std::string_view> to_declared(const char* type) {
    return type == nullptr ? std::nullopt : std::optional<std::string_view>(type);
}

/// SPECIESNET_ALL means no limit.
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

template <typename Number>
Number within(Number value, Number least, Number most, const char* name) {
    // The negation makes NaN fail as well.
    if (!(value >= least && value <= most)) {
        std::ostringstream sentence;
        sentence << name << " is " << value << ", not " << least << " to " << most;
        throw InvalidArgument(sentence.str());
    }
    return value;
}

}  // namespace speciesnet::capi
