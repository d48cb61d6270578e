// SPDX-License-Identifier: Apache-2.0
// Reads tags of EXIF 2.32 (CIPA DC-008). Invalid values are ignored.
#include "speciesnet/metadata.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"

#include "clock_text.hpp"
#include "exif_directory.hpp"

#include <cmath>
#include <cstdlib>
#include <iomanip>
#include <sstream>
#include <string_view>

namespace speciesnet {
namespace {

using namespace std::chrono_literals;

enum Tag : std::uint16_t {
    make = 0x010F,
    model = 0x0110,
    date_time = 0x0132,
    exif_directory = 0x8769,
    gps_directory = 0x8825,
    date_time_original = 0x9003,
    date_time_digitized = 0x9004,
    offset_time = 0x9010,
    offset_time_original = 0x9011,
    offset_time_digitized = 0x9012,
    subsecond_time = 0x9290,
    subsecond_time_original = 0x9291,
    subsecond_time_digitized = 0x9292,
    body_serial_number = 0xA431,
};

enum GpsTag : std::uint16_t {
    latitude_reference = 1,
    latitude = 2,
    longitude_reference = 3,
    longitude = 4,
};

/// The relevant fields, as the file stores them.
struct Fields {
    PhotoMetadata metadata;
    ClockText original;
    ClockText digitized;
    ClockText changed;
    std::string latitude_reference;
    std::string longitude_reference;
    std::optional<double> latitude;
    std::optional<double> longitude;
};

/// Returns degrees, minutes and seconds as one value.
std::optional<double> degrees(const ExifField& field) {
    const auto whole = field.number(0);
    if (!whole) {
        return std::nullopt;
    }
    // 0/0 means "not given" for the smaller units.
    const auto part = [&](std::size_t index) {
        const double value = field.number(index).value_or(0);
        return std::isfinite(value) ? value : 0.0;
    };
    return *whole + part(1) / 60 + part(2) / 3600;
}

/// Returns 1 or -1 by the first letter of a hemisphere's name: cameras write "S", "s" and "South".
std::optional<double> sign_of(const std::string& reference, char positive, char negative) {
    const char letter = reference.empty() ? '\0' : reference.front();
    const auto is = [letter](char capital) {
        return letter == capital || letter == static_cast<char>(capital - 'A' + 'a');
    };
    if (is(positive)) {
        return 1;
    }
    return is(negative) ? std::optional(-1.0) : std::nullopt;
}

std::optional<Coordinates> coordinates(const Fields& fields) {
    const auto north = sign_of(fields.latitude_reference, 'N', 'S');
    const auto east = sign_of(fields.longitude_reference, 'E', 'W');
    // Degrees alone do not give the hemisphere.
    if (!fields.latitude || !fields.longitude || !north || !east) {
        return std::nullopt;
    }
    // A camera without a GPS fix writes zeros.
    if (*fields.latitude == 0 && *fields.longitude == 0) {
        return std::nullopt;
    }
    const Coordinates found{*north * *fields.latitude, *east * *fields.longitude};
    constexpr double pole = 90;
    constexpr double antimeridian = 180;
    // The negation makes NaN fail as well.
    if (!(std::abs(found.latitude) <= pole) || !(std::abs(found.longitude) <= antimeridian)) {
        return std::nullopt;
    }
    return found;
}

void read_gps(const ExifBlock& block, std::size_t offset, Fields& fields) {
    block.for_each_field(offset, [&](const ExifField& field) {
        switch (field.tag) {
            case GpsTag::latitude_reference:
                fields.latitude_reference = field.text();
                break;
            case GpsTag::latitude:
                fields.latitude = degrees(field);
                break;
            case GpsTag::longitude_reference:
                fields.longitude_reference = field.text();
                break;
            case GpsTag::longitude:
                fields.longitude = degrees(field);
                break;
            default:
                break;
        }
        return true;
    });
}

/// Returns the field for the text of a tag; nullptr for other tags.
std::string* text_field(std::uint16_t tag, Fields& fields) {
    switch (tag) {
        case Tag::make:
            return &fields.metadata.camera_make;
        case Tag::model:
            return &fields.metadata.camera_model;
        case Tag::body_serial_number:
            return &fields.metadata.camera_serial_number;
        case Tag::date_time:
            return &fields.changed.time;
        case Tag::subsecond_time:
            return &fields.changed.subsecond;
        case Tag::offset_time:
            return &fields.changed.offset;
        case Tag::date_time_original:
            return &fields.original.time;
        case Tag::subsecond_time_original:
            return &fields.original.subsecond;
        case Tag::offset_time_original:
            return &fields.original.offset;
        case Tag::date_time_digitized:
            return &fields.digitized.time;
        case Tag::subsecond_time_digitized:
            return &fields.digitized.subsecond;
        case Tag::offset_time_digitized:
            return &fields.digitized.offset;
        default:
            return nullptr;
    }
}

void read_texts(const ExifBlock& block, std::size_t offset, Fields& fields) {
    block.for_each_field(offset, [&](const ExifField& field) {
        if (std::string* const text = text_field(field.tag, fields)) {
            *text = field.text();
        }
        return true;
    });
}

/// Returns when the photo was taken. DateTime is when the file was last changed: it counts only if
/// the other fields are absent, not if they are unreadable.
std::optional<CaptureTime> taken(const Fields& fields) {
    for (const ClockText* const clock : {&fields.original, &fields.digitized, &fields.changed}) {
        if (auto time = parse_clock(*clock)) {
            return time;
        }
        if (clock == &fields.digitized &&
            (!is_unset(fields.original.time) || !is_unset(fields.digitized.time))) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

/// Returns the directory that a tag of the first directory points to.
std::optional<std::size_t> directory_at(const ExifBlock& block, std::uint16_t tag) {
    std::optional<std::size_t> offset;
    block.for_each_field(block.first_directory(), [&](const ExifField& field) {
        const auto number = field.tag == tag ? field.number() : std::nullopt;
        if (number && *number >= 0 && *number <= UINT32_MAX) {
            offset = static_cast<std::size_t>(*number);
        }
        return !offset;
    });
    return offset;
}

PhotoMetadata read_block(const ExifBlock& block) {
    Fields fields;
    read_texts(block, block.first_directory(), fields);
    if (const auto offset = directory_at(block, Tag::exif_directory)) {
        read_texts(block, *offset, fields);
    }
    if (const auto offset = directory_at(block, Tag::gps_directory)) {
        read_gps(block, *offset, fields);
    }
    fields.metadata.taken = taken(fields);
    fields.metadata.coordinates = coordinates(fields);
    return std::move(fields.metadata);
}

}  // namespace

PhotoMetadata read_metadata(std::span<const std::byte> bytes) {
    const Format* const format = find_format(bytes);
    if (format == nullptr) {
        return {};
    }
    try {
        std::vector<std::byte> store;
        const auto block = ExifBlock::open(format->find_exif(bytes, store));
        auto metadata = block ? read_block(*block) : PhotoMetadata{};
        metadata.orientation = format->read_orientation(bytes);
        return metadata;
    } catch (const InvalidImage&) {
        // The container is damaged, so the EXIF block cannot be located.
        return {};
    }
}

PhotoMetadata read_metadata_file(const std::filesystem::path& path) {
    return read_metadata(read_encoded_file(path, {}));
}

std::string to_iso8601(const CaptureTime& time) {
    const auto day = std::chrono::floor<std::chrono::days>(time.local);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time.local - day);
    std::ostringstream text;
    text << std::setfill('0') << std::setw(4) << static_cast<int>(date.year()) << '-'
         << std::setw(2) << static_cast<unsigned>(date.month()) << '-' << std::setw(2)
         << static_cast<unsigned>(date.day()) << 'T' << std::setw(2) << clock.hours().count() << ':'
         << std::setw(2) << clock.minutes().count() << ':' << std::setw(2)
         << clock.seconds().count();
    if (clock.subseconds() != 0ms) {
        text << '.' << std::setw(3) << clock.subseconds().count();
    }
    if (time.utc_offset == 0min) {
        text << 'Z';
    } else if (time.utc_offset) {
        const auto size = std::chrono::abs(*time.utc_offset).count();
        text << (*time.utc_offset < 0min ? '-' : '+') << std::setw(2) << size / 60 << ':'
             << std::setw(2) << size % 60;
    }
    return text.str();
}

}  // namespace speciesnet
