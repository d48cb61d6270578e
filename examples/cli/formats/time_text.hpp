// SPDX-License-Identifier: Apache-2.0
// Formats times in the notations of the formats.
#pragma once

#include "speciesnet/metadata.hpp"

#include "time_zone.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace speciesnet::cli {

/// Returns "2026:11:25 06:12:09", EXIF's own form.
std::string exif_text(const CaptureTime& time);
/// Returns "2026-11-25 06:12:09".
std::string plain_text(const CaptureTime& time);
/// Returns "2026-11-25T06:12:09+02:00", always with a time zone: UTC if it is unknown.
/// @param zone of the clock, if the photo does not state it
std::string zoned_text(const CaptureTime& time, const std::optional<TimeZone>& zone);
/// Returns "2026-11-25".
std::string date_text(const CaptureTime& time);
/// Converts a moment in UTC to a capture time.
CaptureTime utc(std::chrono::sys_seconds moment);

}  // namespace speciesnet::cli
