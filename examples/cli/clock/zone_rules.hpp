// SPDX-License-Identifier: Apache-2.0
// Reads the rules of a time zone from files of the IANA time zone database.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace speciesnet::cli {

/// A yearly change of clocks: "M3.2.0/2" is the second Sunday of March at two. Source:
/// POSIX.1-2017, 8.3, and RFC 8536, 3.3.1.
struct YearlyChange {
    enum class Kind : std::uint8_t { weekday_of_month, day_without_leap_day, day_of_year };

    Kind kind = Kind::weekday_of_month;
    int month = 1;  ///< 1 to 12; used with a weekday.
    int week = 1;   ///< 1 to 5; 5 is the last one of the month.
    int day = 0;    ///< Weekday from Sunday, 0; or day of the year, from 1 or from 0.
    std::chrono::seconds time = std::chrono::hours(2);  ///< Time of day, −167 to 167 hours.

    /// Returns the time that the clock shows at the change, before it is changed.
    std::chrono::local_seconds in(std::chrono::year year) const;
};

/// The rule after the last change that a file lists.
struct YearlyRule {
    std::chrono::seconds standard{};  ///< Ahead of UTC.
    std::chrono::seconds
        daylight{};  ///< Ahead of UTC; the same as `standard` if there is no daylight time.
    YearlyChange begin{};
    YearlyChange end{};
    bool has_daylight = false;

    std::chrono::seconds offset_at(std::chrono::sys_seconds moment) const;

    /// Parses the last line of a file, for instance "EST5EDT,M3.2.0,M11.1.0".
    /// @return nothing if it is invalid
    static std::optional<YearlyRule> parse(std::string_view text);
};

/// The changes of one zone.
class ZoneRules {
public:
    /// Maximum size of a file for parse(); the longest one in the database has 4 KiB.
    static constexpr std::size_t largest_file = std::size_t{256} * 1024;

    /// Parses TZif, version 2 or later (RFC 8536). Work is bounded by the number of bytes.
    /// @throws InvalidArgument naming the fault
    static ZoneRules parse(std::string_view bytes);

    /// Returns the offset from UTC at a moment.
    std::chrono::seconds offset_at(std::chrono::sys_seconds moment) const;
    /// Returns the offset when clocks show a time. For an hour that occurs twice or never, the
    /// offset before the change applies.
    std::chrono::seconds offset_at(std::chrono::local_seconds time) const;

private:
    struct Change {
        std::chrono::sys_seconds moment;
        std::chrono::seconds offset;
    };

    std::chrono::seconds first_{};  ///< Offset before all changes.
    std::vector<Change> changes_;   ///< Ascending.
    std::optional<YearlyRule> after_;
};

}  // namespace speciesnet::cli
