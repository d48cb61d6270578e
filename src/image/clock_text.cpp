// SPDX-License-Identifier: Apache-2.0
// Parses a text from left to right.
#include "clock_text.hpp"

#include <algorithm>

namespace speciesnet {
namespace {

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

/// The unread part of a text.
class Rest {
public:
    explicit Rest(std::string_view text) : text_(text) {}

    bool empty() const { return text_.empty(); }

    /// Takes one of several characters.
    std::optional<char> one_of(std::string_view characters) {
        if (text_.empty() || characters.find(text_.front()) == std::string_view::npos) {
            return std::nullopt;
        }
        const char found = text_.front();
        text_.remove_prefix(1);
        return found;
    }

    void blanks() { text_.remove_prefix(std::min(text_.find_first_not_of(' '), text_.size())); }

    /// Takes an integer of `least` to `most` digits.
    std::optional<int> number(std::size_t least, std::size_t most) {
        std::size_t count = 0;
        int value = 0;
        for (; count < std::min(most, text_.size()) && is_digit(text_[count]); ++count) {
            value = 10 * value + (text_[count] - '0');
        }
        if (count < least) {
            return std::nullopt;
        }
        text_.remove_prefix(count);
        return value;
    }

    /// Takes all digits that follow.
    std::string_view digits() {
        const auto end = std::find_if_not(text_.begin(), text_.end(), is_digit);
        const auto found = text_.substr(0, static_cast<std::size_t>(end - text_.begin()));
        text_.remove_prefix(found.size());
        return found;
    }

private:
    std::string_view text_;
};

std::optional<std::chrono::year_month_day> read_date(Rest& rest) {
    constexpr std::string_view separators = ":-/.";
    const auto year = rest.number(4, 4);
    const auto separator = rest.one_of(separators);
    const auto month = rest.number(2, 2);
    const auto again = rest.one_of(separators);
    const auto day = rest.number(2, 2);
    if (!year || !separator || !month || again != separator || !day || *year == 0) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional(date) : std::nullopt;
}

/// Returns the first three digits of a fraction.
std::chrono::milliseconds fraction(std::string_view text) {
    int milliseconds = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        milliseconds =
            milliseconds * 10 + (i < text.size() && is_digit(text[i]) ? text[i] - '0' : 0);
    }
    return std::chrono::milliseconds(milliseconds);
}

/// Returns the hour of the day; `half` is AM or PM, if the text has it.
std::optional<int> hour_of_day(int hour, std::optional<char> half) {
    if (hour == 24) {
        hour = 0;
    }
    if (hour > 23) {
        return std::nullopt;
    }
    if (!half) {
        return hour;
    }
    const bool afternoon = *half == 'P' || *half == 'p';
    if (hour > 12 || hour == 0) {
        // Some cameras add AM or PM to a 24-hour clock; it must not contradict the hour.
        return afternoon == (hour > 12) ? std::optional(hour) : std::nullopt;
    }
    return hour % 12 + (afternoon ? 12 : 0);
}

struct ClockTime {
    std::chrono::milliseconds since_midnight;
    bool has_fraction = false;
};

std::optional<ClockTime> read_time(Rest& rest) {
    const auto hour = rest.number(2, 2);
    const auto colon = rest.one_of(":");
    const auto minute = rest.number(2, 2);
    const auto again = rest.one_of(":");
    const auto second = rest.number(2, 2);
    // 60 is a leap second.
    if (!hour || !colon || !minute || !again || !second || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    std::string_view digits;
    if (rest.one_of(".,")) {
        digits = rest.digits();
        if (digits.empty()) {
            return std::nullopt;
        }
    }
    rest.blanks();
    const auto half = rest.one_of("AaPp");
    if (half && !rest.one_of("Mm")) {
        return std::nullopt;
    }
    const auto of_day = hour_of_day(*hour, half);
    if (!of_day) {
        return std::nullopt;
    }
    return ClockTime{.since_midnight = std::chrono::hours(*of_day) + std::chrono::minutes(*minute) +
                                       std::chrono::seconds(*second) + fraction(digits),
                     .has_fraction = !digits.empty()};
}

std::optional<std::chrono::minutes> read_offset(Rest& rest) {
    if (rest.one_of("Zz")) {
        return std::chrono::minutes(0);
    }
    const auto sign = rest.one_of("+-");
    const auto hours = rest.number(1, 2);
    if (!sign || !hours) {
        return std::nullopt;
    }
    std::optional<int> minutes(0);
    if (rest.one_of(":") || !rest.empty()) {
        minutes = rest.number(2, 2);
    }
    if (!minutes || *minutes > 59) {
        return std::nullopt;
    }
    const std::chrono::minutes offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    constexpr std::chrono::hours largest{14};
    if (offset > largest) {
        return std::nullopt;
    }
    return *sign == '-' ? -offset : offset;
}

}  // namespace

std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text) {
    Rest rest(text);
    const auto offset = read_offset(rest);
    return rest.empty() ? offset : std::nullopt;
}

std::optional<CaptureTime> parse_clock(const ClockText& clock) {
    Rest rest(clock.time);
    const auto date = read_date(rest);
    if (!date || !rest.one_of(" T")) {
        return std::nullopt;
    }
    const auto time = read_time(rest);
    if (!time) {
        return std::nullopt;
    }
    rest.blanks();
    std::optional<std::chrono::minutes> zone;
    if (!rest.empty()) {
        zone = read_offset(rest);
        if (!zone || !rest.empty()) {
            return std::nullopt;
        }
    }
    const auto beside =
        time->has_fraction ? std::chrono::milliseconds(0) : fraction(clock.subsecond);
    return CaptureTime{.local = std::chrono::local_days(*date) + time->since_midnight + beside,
                       .utc_offset = zone ? zone : parse_utc_offset(clock.offset)};
}

bool is_unset(std::string_view time) {
    return time.find_first_not_of(" :-/.0") == std::string_view::npos;
}

}  // namespace speciesnet
