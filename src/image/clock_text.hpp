// SPDX-License-Identifier: Apache-2.0
// Parses times as cameras write them.
#pragma once

#include "speciesnet/metadata.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet {

/// A time in the three fields that EXIF has for it.
struct ClockText {
    std::string time;       ///< "2026:11:25 06:12:09"
    std::string subsecond;  ///< Digits after the point.
    std::string offset;     ///< "+02:00"
};

/// Reads EXIF's form, and forms of cameras that deviate from it:
/// - '-', '/' or '.' between the parts of the date, 'T' after it;
/// - "01:34:56 PM";
/// - a fraction or a time zone after the seconds, which takes precedence over the separate fields;
/// - 24 for the first hour of the day, written by programs that use 1–24 instead of 0–23.
/// The whole text must match.
/// @return nothing if it is not a time
std::optional<CaptureTime> parse_clock(const ClockText& clock);

/// Returns whether a camera without a set clock could have written this: empty, zeros, blanks.
bool is_unset(std::string_view time);

}  // namespace speciesnet
