// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of a time zone: offsets are those of clocks, at every time.
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
                              "offsets are those of clocks");
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
