// SPDX-License-Identifier: Apache-2.0
// Parses digits at fixed positions. Refuses texts with trailing characters.
#include "clock_text.hpp"

#include "speciesnet/error.hpp"

#include "files/text_file.hpp"

namespace speciesnet::cli {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::seconds;

class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }

    bool skip_one_of(std::string_view characters) {
        if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    /// Takes an integer of `fewest` to `most` digits.
    std::optional<int> digits(std::size_t fewest, std::size_t most) {
        int value = 0;
        std::size_t count = 0;
        while (count < most && count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
            value = value * 10 + (rest_[count++] - '0');
        }
        if (count < fewest) {
            return std::nullopt;
        }
        rest_.remove_prefix(count);
        return value;
    }

    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

/// "07:12", "07:12:08".
struct TimeOfDay {
    seconds time{};
    bool has_seconds = false;
};

std::optional<TimeOfDay> read_time_of_day(Reader& reader, std::size_t most_hour_digits) {
    constexpr int sixty = 60;
    const auto hour = reader.digits(1, most_hour_digits);
    const auto minute = hour && reader.skip_one_of(":") ? reader.digits(2, 2) : std::nullopt;
    if (!minute || *minute >= sixty) {
        return std::nullopt;
    }
    TimeOfDay read{.time = hours(*hour) + minutes(*minute)};
    if (reader.skip_one_of(":")) {
        const auto second = reader.digits(2, 2);
        if (!second || *second >= sixty) {
            return std::nullopt;
        }
        read.time += seconds(*second);
        read.has_seconds = true;
    }
    return read;
}

/// Parses "+365d 01:00:00"; either part may be missing.
std::optional<seconds> read_duration(std::string_view text) {
    Reader reader(text);
    const bool negative = reader.skip_one_of("-");
    if (!negative && !reader.skip_one_of("+")) {
        return std::nullopt;
    }
    constexpr std::size_t most_digits = 5;
    seconds sum{};
    Reader ahead = reader;
    const auto number = ahead.digits(1, most_digits);
    const bool has_days = number && ahead.skip_one_of("d");
    if (has_days) {
        sum = days(*number);
        reader = ahead;
        reader.skip_one_of(" ");
    }
    if (!has_days || !reader.at_end()) {
        const auto time = read_time_of_day(reader, most_digits);
        if (!time || !reader.at_end()) {
            return std::nullopt;
        }
        sum += time->time;
    }
    return negative ? -sum : sum;
}

/// Parses "2000-01-01 00:00 = 2026-07-04 07:12".
std::optional<seconds> read_two_times(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
        return std::nullopt;
    }
    const auto shown = parse_written_time(strip(text.substr(0, equals)));
    const auto right = parse_written_time(strip(text.substr(equals + 1)));
    return shown && right ? std::optional(right->begin - shown->begin) : std::nullopt;
}

}  // namespace

std::optional<WrittenTime> parse_written_time(std::string_view text) {
    constexpr std::string_view separators = "-:/";
    Reader reader(text);
    const auto year = reader.digits(4, 4);
    const auto month = year && reader.skip_one_of(separators) ? reader.digits(1, 2) : std::nullopt;
    const auto day = month && reader.skip_one_of(separators) ? reader.digits(1, 2) : std::nullopt;
    if (!day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) {
        return std::nullopt;
    }
    const local_days midnight(date);
    if (reader.at_end()) {
        return WrittenTime{.begin = midnight, .end = midnight + days(1) - seconds(1)};
    }
    constexpr int hours_of_day = 24;
    const auto time = reader.skip_one_of(" T") ? read_time_of_day(reader, 2) : std::nullopt;
    if (!time || !reader.at_end() || time->time >= hours(hours_of_day)) {
        return std::nullopt;
    }
    const auto begin = midnight + time->time;
    return WrittenTime{.begin = begin,
                       .end = time->has_seconds ? begin : begin + minutes(1) - seconds(1)};
}

seconds parse_clock_offset(std::string_view text) {
    const auto plain = strip(text);
    auto offset = read_duration(plain);
    if (!offset) {
        offset = read_two_times(plain);
    }
    constexpr days century(36'525);
    if (!offset || *offset > century || *offset < -century) {
        throw InvalidArgument(
            "'" + plain +
            "' is not a clock correction; give the time to add, such as +01:00:00, -00:02:30 or "
            "+365d, or the time shown and the correct time, 2000-01-01 00:00 = 2026-07-04 07:12");
    }
    return *offset;
}

}  // namespace speciesnet::cli
