// SPDX-License-Identifier: Apache-2.0
// Reads named zones from the system's time zone database.
#include "time_zone.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/metadata.hpp"
#include "speciesnet/utf8_path.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view zone_file_magic = "TZif";
constexpr std::string_view example = "an offset such as +03:00, or a name such as Africa/Nairobi";

fs::path data_folder() {
    const char* const folder = std::getenv("TZDIR");
    return folder != nullptr ? folder : "/usr/share/zoneinfo";
}

/// Rejects names that would lead outside the database.
bool may_be_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '_' || c == '-' || c == '+';
    };
    return !text.empty() && text.front() >= 'A' && text.front() <= 'Z' &&
           std::all_of(text.begin(), text.end(), allowed);
}

ZoneRules read_rules(const std::string& name) {
    std::vector<std::byte> bytes;
    try {
        bytes = read_beginning(data_folder() / utf8_path(name), ZoneRules::largest_file);
    } catch (const IoError&) {
        bytes.clear();
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!text.starts_with(zone_file_magic)) {
        throw InvalidArgument("'" + name + "' is not a time zone of the IANA database; give " +
                              std::string(example));
    }
    try {
        return ZoneRules::parse(text);
    } catch (const InvalidArgument& error) {
        throw InvalidArgument("'" + utf8_text(data_folder() / utf8_path(name)) +
                              "': " + error.what());
    }
}

}  // namespace

TimeZone TimeZone::parse(const std::string& text) {
    if (const auto offset = parse_utc_offset(text)) {
        return TimeZone(*offset);
    }
    if (!may_be_name(text)) {
        throw InvalidArgument("'" + text + "' is not a time zone; give " + std::string(example));
    }
    if (!fs::is_directory(data_folder())) {
        throw InvalidArgument("'" + text + "': this system has no time zone data in '" +
                              utf8_text(data_folder()) +
                              "'; install tzdata, or give an offset such as +03:00");
    }
    return TimeZone(read_rules(text));
}

std::chrono::minutes TimeZone::offset_at(std::chrono::local_seconds time) const {
    // Historical offsets include seconds, which clocks do not show.
    return rules_ ? std::chrono::round<std::chrono::minutes>(rules_->offset_at(time)) : offset_;
}

}  // namespace speciesnet::cli
