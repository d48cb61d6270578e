// SPDX-License-Identifier: Apache-2.0
// Parses times as cameras write them.
#pragma once

#include "speciesnet/metadata.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// A clock reading in the three fields that EXIF spreads it over.
struct ClockText {
    std::string time;       ///< "2026:11:25 06:12:09"
    std::string subsecond;  ///< Digits behind the point.
    std::string offset;     ///< "+02:00"
};

/// Reads EXIF's form and those in which cameras depart from it:
/// - '-', '/' or '.' between the numbers of the date, 'T' behind it;
/// - "01:34:56 PM";
/// - a fraction, or a time zone, behind the seconds, which then go before the fields of their own;
/// - 24 for the first hour of the day, as programs write that mistake 1–24 for 0–23.
/// The text is read to its end: what is left over means that it was not understood.
/// @return nothing if it is not a time
std::optional<CaptureTime> parse_clock(const ClockText& clock);

/// Whether a camera without a set clock could have written this: nothing, zeros, blanks.
bool is_unset(std::string_view time);

}  // namespace speciesnet
