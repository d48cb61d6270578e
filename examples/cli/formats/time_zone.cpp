// SPDX-License-Identifier: Apache-2.0
// The C library reads the time zone data and knows its rules; it takes a name that it does not know
// for UTC, so that names are looked up first.
#include "time_zone.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"
#include "speciesnet/metadata.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string_view>

namespace speciesnet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view zone_file_magic = "TZif";
constexpr std::string_view example = "an offset such as +03:00, or a name such as Africa/Nairobi";

fs::path data_folder() {
    const char* const folder = std::getenv("TZDIR");
    return folder != nullptr ? folder : "/usr/share/zoneinfo";
}

/// Names lead into the data base and nowhere else.
bool may_be_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '_' || c == '-' || c == '+';
    };
    return !text.empty() && text.front() >= 'A' && text.front() <= 'Z' &&
           std::all_of(text.begin(), text.end(), allowed);
}

bool is_zone_file(const fs::path& file) {
    try {
        const auto bytes = read_beginning(file, zone_file_magic.size());
        return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) ==
               zone_file_magic;
    } catch (const IoError&) {
        return false;
    }
}

void set_process_zone(const std::string& name) {
    const auto value = ':' + name;
    const char* const present = std::getenv("TZ");
    if (present == nullptr || present != value) {
        ::setenv("TZ", value.c_str(), 1);
        ::tzset();
    }
}

}  // namespace

TimeZone TimeZone::parse(const std::string& text) {
    if (const auto offset = parse_utc_offset(text)) {
        return {Kind::fixed, *offset};
    }
    if (!may_be_name(text)) {
        throw InvalidArgument("'" + text + "' is no time zone; give " + std::string(example));
    }
    if (!fs::is_directory(data_folder())) {
        throw InvalidArgument("'" + text + "': this system has no time zone data in '" +
                              data_folder().native() +
                              "'; install tzdata, or give an offset such as +03:00");
    }
    if (!is_zone_file(data_folder() / text)) {
        throw InvalidArgument("'" + text + "' is no time zone of the IANA data base; give " +
                              std::string(example));
    }
    set_process_zone(text);
    return {Kind::of_process, {}};
}

std::chrono::minutes TimeZone::offset_at(std::chrono::local_seconds time) const {
    if (kind_ == Kind::fixed) {
        return offset_;
    }
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::tm fields{};
    fields.tm_year = static_cast<int>(date.year()) - 1900;
    fields.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    fields.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
    fields.tm_hour = static_cast<int>(clock.hours().count());
    fields.tm_min = static_cast<int>(clock.minutes().count());
    fields.tm_sec = static_cast<int>(clock.seconds().count());
    fields.tm_isdst = -1;
    std::mktime(&fields);
    // Offsets of the time before zones have seconds; nobody's clock shows them.
    return std::chrono::round<std::chrono::minutes>(std::chrono::seconds(fields.tm_gmtoff));
}

}  // namespace speciesnet::cli
