// SPDX-License-Identifier: Apache-2.0
// Parses times and clock corrections in tables.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// A time as written by a person.
struct WrittenTime {
    std::chrono::local_seconds begin;  ///< The first second that the text names.
    std::chrono::local_seconds
        end;  ///< The last second: the end of the day if there is only a date.

    friend bool operator==(const WrittenTime&, const WrittenTime&) = default;
};

/// Parses "2026-07-04", "2026-07-04 07:12" and "2026-07-04T07:12:08". Also accepts EXIF's colons in
/// dates and slashes, if the year comes first.
/// @return nothing for other texts
std::optional<WrittenTime> parse_written_time(std::string_view text);

/// Parses the correction of a camera's clock: "+01:00:00", "-00:02:30", "+365d", "-1d 12:00", or
/// the displayed time and the right one, "2000-01-01 00:00 = 2026-07-04 07:12".
/// @throws InvalidArgument for other texts, and for more than a century
std::chrono::seconds parse_clock_offset(std::string_view text);

}  // namespace speciesnet::cli
