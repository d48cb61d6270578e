// SPDX-License-Identifier: Apache-2.0
// Derives all forms from the ISO 8601 one.
#include "time_text.hpp"

#include <algorithm>

namespace speciesnet::cli {
namespace {

/// "2026-11-25T06:12:09", without fraction and zone.
std::string to_seconds(const CaptureTime& time) {
    constexpr std::size_t length = 19;
    return to_iso8601({.local = time.local, .utc_offset = std::nullopt}).substr(0, length);
}

}  // namespace

std::string plain_text(const CaptureTime& time) {
    auto text = to_seconds(time);
    text[10] = ' ';
    return text;
}

std::string exif_text(const CaptureTime& time) {
    auto text = plain_text(time);
    std::replace(text.begin(), text.end(), '-', ':');
    return text;
}

std::string zoned_text(const CaptureTime& time, const std::optional<TimeZone>& zone) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.local);
    const auto elsewhere = zone ? zone->offset_at(seconds) : std::chrono::minutes(0);
    return to_iso8601({.local = seconds, .utc_offset = time.utc_offset.value_or(elsewhere)});
}

std::string date_text(const CaptureTime& time) {
    return to_seconds(time).substr(0, 10);
}

CaptureTime utc(std::chrono::sys_seconds moment) {
    return {.local = std::chrono::local_time<std::chrono::milliseconds>(moment.time_since_epoch()),
            .utc_offset = std::chrono::minutes(0)};
}

}  // namespace speciesnet::cli
