// SPDX-License-Identifier: Apache-2.0
// Fuzzes ZoneRules, parse_written_time() and parse_clock_offset(). Input: a time zone file. Checks
// that its offsets from UTC are at most 26 hours in dates from year 1 to 9999.
#include "clock/zone_rules.hpp"

#include "speciesnet/error.hpp"

#include "clock/clock_text.hpp"
#include "fuzz/agreement.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace speciesnet;
    using namespace speciesnet::cli;
    using namespace std::chrono_literals;
    const auto bytes = fuzz::text(data, size);
    const auto is_of_clock = [](std::chrono::seconds offset) {
        return offset >= -26h && offset <= 26h;
    };
    try {
        const auto rules = ZoneRules::parse(bytes);
        for (const int year : {1, 1900, 1970, 2026, 2037, 2100, 9999}) {
            for (const unsigned month : {1U, 4U, 7U, 10U}) {
                const auto date = std::chrono::year(year) / std::chrono::month(month) / 1;
                fuzz::require(is_of_clock(rules.offset_at(std::chrono::sys_days(date) + 1h)) &&
                                  is_of_clock(rules.offset_at(std::chrono::local_days(date) + 1h)),
                              "offsets from UTC are at most 26 hours");
            }
        }
    } catch (const InvalidArgument&) {
        // Refused.
    }
    static_cast<void>(parse_written_time(bytes));
    try {
        static_cast<void>(parse_clock_offset(bytes));
    } catch (const InvalidArgument&) {
        return 0;
    }
    return 0;
}
