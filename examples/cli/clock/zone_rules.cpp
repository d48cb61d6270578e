// SPDX-License-Identifier: Apache-2.0
// A file contains the same data with 32 and with 64 bits; only the latter is read.
#include "zone_rules.hpp"

#include "speciesnet/error.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace speciesnet::cli {
namespace {

using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::string_view magic = "TZif";
constexpr std::size_t header_size = 44;
/// Exceeds any offset: RFC 8536 allows −25 to 26 hours.
constexpr seconds widest_offset = hours(26);
/// Within the range of years of std::chrono.
constexpr std::int64_t farthest_moment = 900'000'000'000;

[[noreturn]] void refuse(const std::string& what) {
    throw InvalidArgument("damaged time zone data: " + what);
}

/// Takes values from the front of a file.
class Bytes {
public:
    explicit Bytes(std::string_view rest) : rest_(rest) {}

    std::string_view take(std::uint64_t count) {
        if (count > rest_.size()) {
            refuse("it ends too early");
        }
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

/// Reads an integer in two's complement, most significant byte first.
std::int64_t number(std::string_view bytes) {
    std::uint64_t value = static_cast<signed char>(bytes.front()) < 0 ? ~std::uint64_t{0} : 0;
    for (const char byte : bytes) {
        value = value << 8U | static_cast<unsigned char>(byte);
    }
    return static_cast<std::int64_t>(value);
}

/// The counts in a header. Source: RFC 8536, 3.1.
struct Counts {
    std::uint64_t utc_flags, standard_flags, leap_seconds, changes, types, characters;

    std::uint64_t size(std::uint64_t time_size) const {
        constexpr std::uint64_t type_size = 6;
        constexpr std::uint64_t correction_size = 4;
        return changes * (time_size + 1) + types * type_size + characters +
               leap_seconds * (time_size + correction_size) + standard_flags + utc_flags;
    }
};

Counts read_header(Bytes& bytes) {
    auto header = Bytes(bytes.take(header_size));
    if (header.take(magic.size()) != magic) {
        refuse("it does not begin with TZif");
    }
    if (const char version = header.take(1).front(); version < '2') {
        refuse("its version is 1; it must be 2 or later");
    }
    constexpr std::size_t reserved = 15;
    header.take(reserved);
    std::array<std::uint64_t, 6> counts{};
    for (auto& count : counts) {
        count = static_cast<std::uint32_t>(number(header.take(4)));
    }
    return {counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

/// Parses the text of a rule.
class RuleText {
public:
    explicit RuleText(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }

    bool skip(char expected) {
        if (rest_.empty() || rest_.front() != expected) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    /// Skips "EST", or "<+03>".
    bool skip_name() {
        const auto is_letter = [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        };
        if (skip('<')) {
            const auto end = rest_.find('>');
            if (end == std::string_view::npos) {
                return false;
            }
            rest_.remove_prefix(end + 1);
            return true;
        }
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_letter);
        const auto length = static_cast<std::size_t>(end - rest_.begin());
        rest_.remove_prefix(length);
        constexpr std::size_t shortest = 3;
        return length >= shortest;
    }

    std::optional<int> digits(int most) {
        std::optional<int> value;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            value = value.value_or(0) * 10 + (rest_.front() - '0');
            if (*value > most) {
                return std::nullopt;
            }
            rest_.remove_prefix(1);
        }
        return value;
    }

    /// Parses "-5", "3:30", "167:59:59".
    std::optional<seconds> time(int most_hours) {
        const bool negative = skip('-');
        if (!negative) {
            skip('+');
        }
        const auto hour = digits(most_hours);
        if (!hour) {
            return std::nullopt;
        }
        seconds sum = hours(*hour);
        constexpr int sixty = 60;
        seconds unit = minutes(1);
        for (int part = 0; part < 2 && skip(':'); ++part) {
            const auto value = digits(sixty - 1);
            if (!value) {
                return std::nullopt;
            }
            sum += *value * unit;
            unit = seconds(1);
        }
        return negative ? -sum : sum;
    }

    std::optional<YearlyChange> change() {
        YearlyChange change;
        std::optional<int> day;
        if (skip('M')) {
            change.month = digits(12).value_or(0);
            change.week = skip('.') ? digits(5).value_or(0) : 0;
            day = skip('.') ? digits(6) : std::nullopt;
            if (change.month < 1 || change.week < 1) {
                return std::nullopt;
            }
        } else {
            const bool julian = skip('J');
            change.kind =
                julian ? YearlyChange::Kind::day_without_leap_day : YearlyChange::Kind::day_of_year;
            day = digits(365);
            if (julian && day == 0) {
                return std::nullopt;
            }
        }
        if (!day) {
            return std::nullopt;
        }
        change.day = *day;
        if (skip('/')) {
            constexpr int week_of_hours = 167;
            const auto time_of_day = time(week_of_hours);
            if (!time_of_day) {
                return std::nullopt;
            }
            change.time = *time_of_day;
        }
        return change;
    }

private:
    std::string_view rest_;
};

}  // namespace

local_seconds YearlyChange::in(std::chrono::year year) const {
    const local_days new_year(year / std::chrono::January / 1);
    std::chrono::days days_after(day);
    switch (kind) {
        case Kind::weekday_of_month: {
            const std::chrono::weekday weekday(static_cast<unsigned>(day));
            const auto in_month = year / std::chrono::month(static_cast<unsigned>(month));
            constexpr int last_week = 5;
            return (week == last_week
                        ? local_days(in_month / weekday[std::chrono::last])
                        : local_days(in_month / weekday[static_cast<unsigned>(week)])) +
                   time;
        }
        case Kind::day_without_leap_day: {
            constexpr int day_before_leap_day = 59;
            const bool behind = year.is_leap() && day > day_before_leap_day;
            days_after -= std::chrono::days(behind ? 0 : 1);
            break;
        }
        case Kind::day_of_year:
            break;
    }
    return new_year + days_after + time;
}

seconds YearlyRule::offset_at(sys_seconds moment) const {
    if (!has_daylight) {
        return standard;
    }
    const auto local = local_seconds(moment.time_since_epoch() + standard);
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(local));
    const auto begins = begin.in(date.year()).time_since_epoch() - standard;
    const auto ends = end.in(date.year()).time_since_epoch() - daylight;
    const auto now = moment.time_since_epoch();
    const bool in_daylight =
        begins < ends ? begins <= now && now < ends : !(ends <= now && now < begins);
    return in_daylight ? daylight : standard;
}

std::optional<YearlyRule> YearlyRule::parse(std::string_view text) {
    constexpr int most_hours = 24;
    RuleText rest(text);
    YearlyRule rule;
    if (!rest.skip_name()) {
        return std::nullopt;
    }
    const auto west = rest.time(most_hours);
    if (!west) {
        return std::nullopt;
    }
    rule.standard = -*west;
    rule.daylight = rule.standard;
    if (rest.at_end()) {
        return rule;
    }
    if (!rest.skip_name()) {
        return std::nullopt;
    }
    rule.has_daylight = true;
    rule.daylight = rule.standard + hours(1);
    if (!rest.skip(',')) {
        const auto west_in_summer = rest.time(most_hours);
        if (!west_in_summer || !rest.skip(',')) {
            return std::nullopt;
        }
        rule.daylight = -*west_in_summer;
    }
    const auto begin = rest.change();
    const auto end = begin && rest.skip(',') ? rest.change() : std::nullopt;
    if (!end || !rest.at_end()) {
        return std::nullopt;
    }
    rule.begin = *begin;
    rule.end = *end;
    return rule;
}

ZoneRules ZoneRules::parse(std::string_view file) {
    if (file.size() > largest_file) {
        refuse("it is too large");
    }
    Bytes bytes(file);
    bytes.take(read_header(bytes).size(4));
    const auto counts = read_header(bytes);
    constexpr std::uint64_t time_size = 8;
    Bytes data(bytes.take(counts.size(time_size)));
    const auto moments = data.take(counts.changes * time_size);
    const auto indexes = data.take(counts.changes);
    constexpr std::size_t type_size = 6;
    const auto types = data.take(counts.types * type_size);
    if (counts.types == 0) {
        refuse("it has no type of local time");
    }
    const auto offset_of = [types](std::size_t type) {
        const seconds offset(number(types.substr(type * type_size, 4)));
        if (offset > widest_offset || offset < -widest_offset) {
            refuse("an offset of more than 26 hours");
        }
        return offset;
    };

    ZoneRules rules;
    rules.first_ = offset_of(0);
    rules.changes_.reserve(counts.changes);
    for (std::size_t change = 0; change < counts.changes; ++change) {
        const auto type = static_cast<unsigned char>(indexes[change]);
        if (type >= counts.types) {
            refuse("a transition to an undefined type of local time");
        }
        const auto moment = number(moments.substr(change * time_size, time_size));
        const sys_seconds when(seconds(std::clamp(moment, -farthest_moment, farthest_moment)));
        if (!rules.changes_.empty() && when < rules.changes_.back().moment) {
            refuse("its transitions are not in order");
        }
        rules.changes_.push_back({.moment = when, .offset = offset_of(type)});
    }
    const auto footer = bytes.rest();
    const auto end = footer.find('\n', 1);
    if (!footer.starts_with('\n') || end == std::string_view::npos) {
        refuse("its last line is missing");
    }
    if (const auto text = footer.substr(1, end - 1); !text.empty()) {
        rules.after_ = YearlyRule::parse(text);
        if (!rules.after_) {
            refuse("its last line is not a rule");
        }
    }
    return rules;
}

seconds ZoneRules::offset_at(sys_seconds moment) const {
    const auto next = std::upper_bound(
        changes_.begin(), changes_.end(), moment,
        [](sys_seconds wanted, const Change& change) { return wanted < change.moment; });
    if (next == changes_.end() && after_) {
        return after_->offset_at(moment);
    }
    return next == changes_.begin() ? first_ : std::prev(next)->offset;
}

seconds ZoneRules::offset_at(local_seconds time) const {
    const auto at = [this](seconds since_epoch) { return offset_at(sys_seconds(since_epoch)); };
    const auto shown = time.time_since_epoch();
    // Changes more than a day away are irrelevant, because consecutive ones are weeks apart.
    const auto before = at(shown - widest_offset);
    const auto after = at(shown + widest_offset);
    const bool is_before = at(shown - before) == before;
    return is_before || at(shown - after) != after ? before : after;
}

}  // namespace speciesnet::cli
