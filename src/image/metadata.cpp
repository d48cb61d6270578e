// Tags of EXIF 2.32 (CIPA DC-008); what cannot be is left out.
#include "speciesnet/metadata.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/media.hpp"

#include "exif_directory.hpp"

#include <charconv>
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

/// A clock reading in the three fields that EXIF spreads it over.
struct ClockText {
    std::string time;       ///< "2026:11:25 06:12:09"
    std::string subsecond;  ///< Digits behind the point.
    std::string offset;     ///< "+02:00"
};

/// The fields of interest, as they are in the file.
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

/// `count` digits at `at` as a number.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) {
        return std::nullopt;
    }
    int value = 0;
    const char* const begin = text.data() + at;
    const auto [end, error] = std::from_chars(begin, begin + count, value);
    return error == std::errc() && end == begin + count && value >= 0 ? std::optional(value)
                                                                      : std::nullopt;
}

std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
    if (text == "Z") {
        return 0min;
    }
    const auto hours = digits(text, 1, 2);
    const auto minutes = digits(text, 4, 2);
    if (text.size() != 6 || text[3] != ':' || !hours || !minutes || *minutes > 59 ||
        (text[0] != '+' && text[0] != '-')) {
        return std::nullopt;
    }
    const std::chrono::minutes offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    constexpr std::chrono::hours largest{14};
    if (offset > largest) {
        return std::nullopt;
    }
    return text[0] == '-' ? -offset : offset;
}

/// The first three digits of a fraction.
std::chrono::milliseconds parse_fraction(std::string_view text) {
    int milliseconds = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        milliseconds = milliseconds * 10 + digits(text, i, 1).value_or(0);
    }
    return std::chrono::milliseconds(milliseconds);
}

std::optional<CaptureTime> parse_clock(const ClockText& clock) {
    // Some cameras write '-' or '/' between the numbers of the date, or 'T' behind it.
    const std::string_view text = clock.time;
    const auto year = digits(text, 0, 4);
    const auto month = digits(text, 5, 2);
    const auto day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2);
    const auto minute = digits(text, 14, 2);
    const auto second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    // A camera without a set clock writes zeros. 60 is a leap second.
    if (!date.ok() || *year == 0 || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    const auto local = std::chrono::local_days(date) + std::chrono::hours(*hour) +
                       std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
                       parse_fraction(clock.subsecond);
    return CaptureTime{local, parse_offset(clock.offset)};
}

/// Degrees, minutes and seconds as one number.
std::optional<double> degrees(const ExifField& field) {
    const auto whole = field.number(0);
    if (!whole) {
        return std::nullopt;
    }
    // 0/0 stands for "not given" in the smaller units.
    const auto part = [&](std::size_t index) {
        const double value = field.number(index).value_or(0);
        return std::isfinite(value) ? value : 0.0;
    };
    return *whole + part(1) / 60 + part(2) / 3600;
}

std::optional<Coordinates> coordinates(const Fields& fields) {
    if (!fields.latitude || !fields.longitude) {
        return std::nullopt;
    }
    const Coordinates found{
        fields.latitude_reference == "S" ? -*fields.latitude : *fields.latitude,
        fields.longitude_reference == "W" ? -*fields.longitude : *fields.longitude};
    constexpr double pole = 90;
    constexpr double antimeridian = 180;
    // Negated so that NaN fails, too.
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

/// Where the text of a tag belongs; nullptr for other tags.
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

/// Where a tag of the first directory points.
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
    for (const ClockText* const clock : {&fields.original, &fields.digitized, &fields.changed}) {
        if (!fields.metadata.taken) {
            fields.metadata.taken = parse_clock(*clock);
        }
    }
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
        // The container is damaged: there is no way to its EXIF block.
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
