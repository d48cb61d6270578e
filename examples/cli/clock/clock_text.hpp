// SPDX-License-Identifier: Apache-2.0
// Parses times and clock corrections in tables.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace speciesnet::cli {

/// A time as somebody wrote it down.
struct WrittenTime {
    std::chrono::local_seconds begin;  ///< The first second that the text names.
    std::chrono::local_seconds end;    ///< The last one: the end of a day if there is only a date.

    friend bool operator==(const WrittenTime&, const WrittenTime&) = default;
};

/// Reads "2026-07-04", "2026-07-04 07:12" and "2026-07-04T07:12:08"; EXIF's colons in dates and
/// slashes will do, too, as long as the year comes first.
/// @return nothing for anything else
std::optional<WrittenTime> parse_written_time(std::string_view text);

/// Reads what is to be added to the times of a camera whose clock was wrong: "+01:00:00",
/// "-00:02:30", "+365d", "-1d 12:00", or the time that it showed and the right one,
/// "2000-01-01 00:00 = 2026-07-04 07:12".
/// @throws InvalidArgument for anything else, and for more than a century
std::chrono::seconds parse_clock_offset(std::string_view text);

}  // namespace speciesnet::cli
