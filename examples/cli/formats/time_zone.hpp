// SPDX-License-Identifier: Apache-2.0
// Offsets of clocks from UTC: fixed, or by the rules of a place.
#pragma once

#include "clock/zone_rules.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace speciesnet::cli {

/// A time zone. Immutable, cheap to copy, thread-safe.
class TimeZone {
public:
    /// @param text an offset ("+03:00", "+3", "-5:00", "+0530", "Z") or a name of the IANA data
    /// base ("Africa/Nairobi"). Names need the system's tzdata.
    /// @throws InvalidArgument if it is neither, or there is no tzdata
    static TimeZone parse(const std::string& text);

    /// What clocks in the zone are ahead of UTC when they show a time. Of an hour that comes twice,
    /// or never, the time before the change counts.
    std::chrono::minutes offset_at(std::chrono::local_seconds time) const;

private:
    explicit TimeZone(std::chrono::minutes offset) : offset_(offset) {}
    explicit TimeZone(ZoneRules rules)
        : rules_(std::make_shared<const ZoneRules>(std::move(rules))) {}

    std::shared_ptr<const ZoneRules> rules_;  ///< Null if the offset is always the same.
    std::chrono::minutes offset_{};
};

}  // namespace speciesnet::cli
