// SPDX-License-Identifier: Apache-2.0
// Offsets of clocks from UTC: constant, or by the rules of a time zone.
#pragma once

#include "clock/zone_rules.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace speciesnet::cli {

/// A time zone. Immutable, cheap to copy, thread-safe.
class TimeZone {
public:
    /// @param text an offset ("+03:00", "+3", "-5:00", "+0530", "Z") or a name in the IANA database
    /// ("Africa/Nairobi"), which requires the system's tzdata
    /// @throws InvalidArgument if it is neither, or tzdata is missing
    static TimeZone parse(const std::string& text);

    /// Returns the offset from UTC when clocks in the zone show a time. For an hour that occurs
    /// twice or never, the offset before the change applies.
    std::chrono::minutes offset_at(std::chrono::local_seconds time) const;

private:
    explicit TimeZone(std::chrono::minutes offset) : offset_(offset) {}
    explicit TimeZone(ZoneRules rules)
        : rules_(std::make_shared<const ZoneRules>(std::move(rules))) {}

    std::shared_ptr<const ZoneRules> rules_;  ///< Null if the offset is constant.
    std::chrono::minutes offset_{};
};

}  // namespace speciesnet::cli
