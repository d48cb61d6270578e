// SPDX-License-Identifier: Apache-2.0
// Compares time zones with the C library's reading of the same files; parses times and corrections.
#include "speciesnet/error.hpp"

#include "clock/clock_text.hpp"
#include "clock/zone_rules.hpp"
#include "needs.hpp"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

namespace {

const std::string zone_folder = "/usr/share/zoneinfo/";

std::string zone_file(const std::string& name) {
    std::ifstream stream(zone_folder + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Sets the time zone of the process, which the C library uses.
class ProcessZone {
public:
    explicit ProcessZone(const std::string& name) {
        ::setenv("TZ", (':' + name).c_str(), 1);
        ::tzset();
    }
    ProcessZone(const ProcessZone&) = delete;
    ProcessZone& operator=(const ProcessZone&) = delete;
    ~ProcessZone() {
        ::unsetenv("TZ");
        ::tzset();
    }

    static seconds offset_at(sys_seconds moment) {
        const std::time_t time = moment.time_since_epoch().count();
        std::tm fields{};
        ::localtime_r(&time, &fields);
        return seconds(fields.tm_gmtoff);
    }
};

/// Returns an integer of four or eight bytes, most significant byte first.
std::string big_endian(std::int64_t value, int bytes) {
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        text +=
            static_cast<char>(static_cast<std::uint64_t>(value) >> static_cast<unsigned>(shift));
    }
    return text;
}

std::string header(int changes, int types, int characters) {
    return "TZif2" + std::string(15, '\0') + big_endian(0, 4) + big_endian(0, 4) +
           big_endian(0, 4) + big_endian(changes, 4) + big_endian(types, 4) +
           big_endian(characters, 4);
}

std::string type(std::int64_t offset) {
    return big_endian(offset, 4) + std::string(2, '\0');
}

std::string small_file(std::int64_t offset = 3600, const std::string& footer = "\nCET-1\n") {
    return header(0, 0, 0) + header(1, 2, 4) + big_endian(1000, 8) + '\1' + type(0) + type(offset) +
           std::string("CET\0", 4) + footer;
}

std::optional<seconds> clock_offset(const char* text) {
    try {
        return parse_clock_offset(text);
    } catch (const InvalidArgument&) {
        return std::nullopt;
    }
}

}  // namespace

TEST_CASE("zones agree with the C library at every moment" *
          Needs(std::filesystem::exists(zone_folder + "Europe/Berlin"),
                "time zone data in this system")) {
    for (const auto* const name :
         {"Africa/Nairobi", "Africa/Casablanca", "Africa/Cairo", "America/New_York",
          "America/Santiago", "America/St_Johns", "Asia/Gaza", "Asia/Kathmandu", "Asia/Tehran",
          "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin", "Pacific/Apia",
          "Pacific/Chatham", "America/Nuuk", "UTC"}) {
        CAPTURE(name);
        const auto rules = ZoneRules::parse(zone_file(name));
        const ProcessZone process(name);
        // A bit more than half a day, so that all hours of the day occur; beyond the changes that
        // files list.
        std::size_t different = 0;
        for (auto moment = sys_seconds(sys_days(std::chrono::year(1890) / 1 / 1));
             moment < sys_days(std::chrono::year(2120) / 1 / 1); moment += 12h + 17min) {
            different += rules.offset_at(moment) == ProcessZone::offset_at(moment) ? 0 : 1;
        }
        CHECK(different == 0);
    }
}

TEST_CASE("local times at a change of clocks use the offset before the change" *
          Needs(std::filesystem::exists(zone_folder + "Europe/Berlin"),
                "time zone data in this system")) {
    const auto berlin = ZoneRules::parse(zone_file("Europe/Berlin"));
    const auto at = [&berlin](unsigned month, unsigned day, std::chrono::minutes time) {
        return berlin.offset_at(local_seconds(
            local_days(std::chrono::year(2026) / std::chrono::month(month) / day) + time));
    };
    CHECK(at(3, 29, 1h + 59min) == 1h);
    CHECK(at(3, 29, 2h + 30min) == 1h);  // Does not exist.
    CHECK(at(3, 29, 3h) == 2h);
    CHECK(at(10, 25, 1h + 59min) == 2h);
    CHECK(at(10, 25, 2h + 30min) == 2h);  // Occurs twice.
    CHECK(at(10, 25, 3h) == 1h);
}

TEST_CASE("every kind of yearly rule is applied") {
    const auto at = [](const char* text, int year, unsigned month, unsigned day) {
        const auto rule = YearlyRule::parse(text);
        REQUIRE(rule);
        return rule->offset_at(sys_days(std::chrono::year(year) / std::chrono::month(month) / day) +
                               12h);
    };
    CHECK(at("<+0545>-5:45", 2030, 1, 1) == 5h + 45min);
    CHECK(at("EST5EDT,M3.2.0,M11.1.0", 2030, 3, 9) == -5h);
    CHECK(at("EST5EDT,M3.2.0,M11.1.0", 2030, 3, 10) == -4h);
    CHECK(at("EST5EDT,M3.2.0,M11.1.0", 2030, 11, 3) == -5h);
    // The southern summer contains new year.
    CHECK(at("NZST-12NZDT,M9.5.0,M4.1.0/3", 2030, 1, 1) == 13h);
    CHECK(at("NZST-12NZDT,M9.5.0,M4.1.0/3", 2030, 7, 1) == 12h);
    // With J, March 1 is day 60; without, day 60 counts from 0 and includes leap days.
    CHECK(at("AAA0BBB,J60,J300", 2028, 2, 29) == 0h);
    CHECK(at("AAA0BBB,J60,J300", 2028, 3, 1) == 1h);
    CHECK(at("AAA0BBB,60,300", 2028, 2, 29) == 0h);
    CHECK(at("AAA0BBB,60,300", 2028, 3, 1) == 1h);
    CHECK(at("AAA0BBB,59,300", 2028, 2, 29) == 1h);
    // Daylight time all year, and a difference of two hours.
    CHECK(at("EST5EDT,0/0,J365/25", 2030, 1, 1) == -4h);
    CHECK(at("EST5EDT,0/0,J365/25", 2030, 12, 31) == -4h);
    CHECK(at("AAA0BBB-2,M3.2.0,M11.1.0", 2030, 7, 1) == 2h);
    for (const auto* const wrong :
         {"", "E5", "EST", "EST25", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0",
          "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J1", "EST5EDT,366,1",
          "EST5EDT,M3.2.0,M11.1.0x", "<EST5", "EST5EDT,M3.2.0/168,M11.1.0", "EST5:60"}) {
        CAPTURE(wrong);
        CHECK_FALSE(YearlyRule::parse(wrong));
    }
}

TEST_CASE("damaged files of zones are refused") {
    const auto whole = small_file();
    const auto rules = ZoneRules::parse(whole);
    CHECK(rules.offset_at(sys_seconds(999s)) == 0s);
    CHECK(rules.offset_at(sys_seconds(1000s)) == 1h);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        CHECK_THROWS_AS(ZoneRules::parse(whole.substr(0, length)), InvalidArgument);
    }
    auto old = whole;
    old[4] = '\0';
    auto unknown_type = whole;
    unknown_type[44 + 44 + 8] = '\2';
    const auto huge_counts = header(0, 0, 0) + header(-1, -1, -1);
    for (const auto& wrong :
         {old, unknown_type, huge_counts, small_file(27 * 3600), small_file(3600, "\nnonsense\n"),
          std::string(ZoneRules::largest_file + 1, 'x')}) {
        CHECK_THROWS_AS(ZoneRules::parse(wrong), InvalidArgument);
    }
    const auto unsorted = header(0, 0, 0) + header(2, 1, 0) + big_endian(2, 8) + big_endian(1, 8) +
                          std::string(2, '\0') + type(0) + "\n\n";
    CHECK_THROWS_AS(ZoneRules::parse(unsorted), InvalidArgument);
}

TEST_CASE("times are parsed as people write them") {
    const local_days day(std::chrono::year(2026) / 7 / 4);
    const WrittenTime whole_day{.begin = day, .end = day + 24h - 1s};
    CHECK(parse_written_time("2026-07-04") == whole_day);
    CHECK(parse_written_time("2026:7:4") == whole_day);
    CHECK(parse_written_time("2026/07/04") == whole_day);
    CHECK(parse_written_time("2026-07-04 07:12") ==
          WrittenTime{.begin = day + 7h + 12min, .end = day + 7h + 12min + 59s});
    CHECK(parse_written_time("2026-07-04T07:12:08") ==
          WrittenTime{.begin = day + 7h + 12min + 8s, .end = day + 7h + 12min + 8s});
    for (const auto* const wrong :
         {"", "04.07.2026", "04/07/2026", "07-04", "2026-13-01", "2026-02-30", "2026-07-04 24:00",
          "2026-07-04 7", "2026-07-04 07:60", "2026-07-04 07:12:08Z", "2026-07-04x", "26-07-04"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_written_time(wrong));
    }
}

TEST_CASE("corrections of clocks are parsed") {
    CHECK(clock_offset("+01:00:00") == 1h);
    CHECK(clock_offset("-00:02:30") == -150s);
    CHECK(clock_offset("+26:00") == 26h);
    CHECK(clock_offset("-365d") == -days(365));
    CHECK(clock_offset(" -1d 12:00 ") == -36h);
    CHECK(clock_offset("2000-01-01 00:00 = 2000-01-03 06:30") == 54h + 30min);
    CHECK(clock_offset("2000-01-03=2000-01-01") == -48h);
    for (const auto* const wrong : {"", "1:00", "+1", "+1d2", "+01:60", "+99999d", "one hour", "=",
                                    "2000-01-01 =", "+01:00:00 and more"}) {
        CAPTURE(wrong);
        CHECK_FALSE(clock_offset(wrong));
    }
}
