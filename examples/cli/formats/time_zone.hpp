// SPDX-License-Identifier: Apache-2.0
// What clocks are ahead of UTC: always the same, or by the rules of a place.
#pragma once

#include <chrono>
#include <string>

namespace speciesnet::cli {

/// A time zone.
class TimeZone {
public:
    /// @param text an offset ("+03:00", "+3", "-5:00", "+0530", "Z") or a name of the IANA data
    /// base
    /// ("Africa/Nairobi"). Names need the system's tzdata, and become the zone of the process: to
    /// be called before there are threads.
    /// @throws InvalidArgument if it is neither, or there is no tzdata
    static TimeZone parse(const std::string& text);

    /// What clocks in the zone are ahead of UTC when they show a time. Of an hour that comes twice,
    /// or never, either side of the change counts.
    std::chrono::minutes offset_at(std::chrono::local_seconds time) const;

private:
    enum class Kind { fixed, of_process };
    TimeZone(Kind kind, std::chrono::minutes offset) : kind_(kind), offset_(offset) {}

    Kind kind_;
    std::chrono::minutes offset_;
};

}  // namespace speciesnet::cli
