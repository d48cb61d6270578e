// SPDX-License-Identifier: Apache-2.0
// EXIF fields in small blocks, intact and damaged.
#include "speciesnet/metadata.hpp"

#include "speciesnet/error.hpp"

#include "image_fixtures.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace std::chrono_literals;

namespace {

/// One field of a directory: tag, type, number of values, and their bytes in the byte order of the
/// block.
struct Field {
    std::uint16_t tag;
    std::uint16_t type;
    std::uint32_t count;
    std::string values;
};

/// A TIFF structure in big-endian order with up to three directories: the first, EXIF and GPS.
class Block {
public:
    static std::string number(std::uint32_t value, int bytes) {
        std::string text;
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            text += static_cast<char>(value >> shift & 0xFF);
        }
        return text;
    }

    static Field text(std::uint16_t tag, std::string value) {
        value += '\0';
        return {tag, 2, static_cast<std::uint32_t>(value.size()), value};
    }

    static Field rationals(std::uint16_t tag,
                           const std::vector<std::pair<std::uint32_t, std::uint32_t>>& values) {
        std::string bytes;
        for (const auto& [numerator, denominator] : values) {
            bytes += number(numerator, 4) + number(denominator, 4);
        }
        return {tag, 5, static_cast<std::uint32_t>(values.size()), bytes};
    }

    /// Puts the block after "Exif\0\0" in the first segment of a JPEG, before a real image.
    static std::vector<std::byte> in_jpeg(std::vector<Field> first, const std::vector<Field>& exif,
                                          const std::vector<Field>& gps) {
        // Pointers have a fixed size, so the length of the first directory is known in advance.
        const auto pointer = [](std::uint16_t tag, std::size_t offset) {
            return Field{tag, 4, 1, number(static_cast<std::uint32_t>(offset), 4)};
        };
        auto with_pointers = first;
        with_pointers.push_back(pointer(0x8769, 0));
        with_pointers.push_back(pointer(0x8825, 0));
        const std::size_t exif_at = 8 + directory(with_pointers, 8).size();
        const std::size_t gps_at = exif_at + directory(exif, exif_at).size();
        first.push_back(pointer(0x8769, exif_at));
        first.push_back(pointer(0x8825, gps_at));
        const std::string tiff = std::string("MM\0*\0\0\0\x8", 8) + directory(first, 8) +
                                 directory(exif, exif_at) + directory(gps, gps_at);
        return wrap(std::string("Exif\0\0", 6) + tiff);
    }

    static std::vector<std::byte> wrap(const std::string& segment) {
        const auto picture_bytes = picture("jpeg_1x1.jpg");
        const std::string head = "\xFF\xD8\xFF\xE1" +
                                 number(static_cast<std::uint32_t>(segment.size() + 2), 2) +
                                 segment;
        const auto begin = std::as_bytes(std::span(head));
        std::vector<std::byte> file(begin.begin(), begin.end());
        file.insert(file.end(), picture_bytes.begin() + 2, picture_bytes.end());
        return file;
    }

private:
    static std::string directory(const std::vector<Field>& fields, std::size_t at) {
        std::string entries = number(static_cast<std::uint32_t>(fields.size()), 2);
        std::string outside;
        const std::size_t outside_at = at + 2 + fields.size() * 12 + 4;
        for (const auto& field : fields) {
            entries += number(field.tag, 2) + number(field.type, 2) + number(field.count, 4);
            if (field.values.size() <= 4) {
                entries += field.values + std::string(4 - field.values.size(), '\0');
            } else {
                entries += number(static_cast<std::uint32_t>(outside_at + outside.size()), 4);
                outside += field.values;
            }
        }
        return entries + std::string(4, '\0') + outside;
    }
};

CaptureTime at(int year, unsigned month, unsigned day, std::chrono::milliseconds since_midnight) {
    return {std::chrono::local_days(std::chrono::year(year) / std::chrono::month(month) /
                                    std::chrono::day(day)) +
                since_midnight,
            std::nullopt};
}

PhotoMetadata with_original_time(const std::string& time, const std::string& subsecond = "",
                                 const std::string& offset = "") {
    std::vector<Field> exif{Block::text(0x9003, time)};
    if (!subsecond.empty()) {
        exif.push_back(Block::text(0x9291, subsecond));
    }
    if (!offset.empty()) {
        exif.push_back(Block::text(0x9011, offset));
    }
    return read_metadata(Block::in_jpeg({}, exif, {}));
}

PhotoMetadata with_gps(const std::string& north, const Field& latitude, const std::string& east,
                       const Field& longitude) {
    return read_metadata(
        Block::in_jpeg({}, {}, {Block::text(1, north), latitude, Block::text(3, east), longitude}));
}

}  // namespace

TEST_CASE("time, location and camera are read from their directories") {
    const auto metadata = read_metadata(
        Block::in_jpeg({Block::text(0x010F, "RECONYX"), Block::text(0x0110, "HYPERFIRE 2 "),
                        Block::text(0x0132, "2020:01:01 00:00:00")},
                       {Block::text(0x9003, "2026:11:25 06:12:09"), Block::text(0xA431, "H500HF")},
                       {Block::text(1, "S"), Block::rationals(2, {{2, 1}, {30, 1}, {36, 1}}),
                        Block::text(3, "E"), Block::rationals(4, {{34, 1}, {45, 1}, {0, 1}})}));
    CHECK(metadata.camera_make == "RECONYX");
    CHECK(metadata.camera_model == "HYPERFIRE 2");
    CHECK(metadata.camera_serial_number == "H500HF");
    CHECK(metadata.taken == at(2026, 11, 25, 6h + 12min + 9s));
    REQUIRE(metadata.coordinates);
    CHECK(metadata.coordinates->latitude == doctest::Approx(-2.51));
    CHECK(metadata.coordinates->longitude == doctest::Approx(34.75));
}

TEST_CASE("the time of exposure takes precedence over those of digitizing and of change") {
    const Field changed = Block::text(0x0132, "2020:01:01 00:00:00");
    const Field digitized = Block::text(0x9004, "2021:01:01 00:00:00");
    const Field broken = Block::text(0x9003, "0000:00:00 00:00:00");
    CHECK(read_metadata(Block::in_jpeg({changed}, {digitized, broken}, {})).taken ==
          at(2021, 1, 1, 0ms));
    CHECK(read_metadata(Block::in_jpeg({changed}, {}, {})).taken == at(2020, 1, 1, 0ms));
}

TEST_CASE("fractions and offsets of the clock are read") {
    auto expected = at(2026, 2, 28, 23h + 59min + 59s + 250ms);
    CHECK(with_original_time("2026:02:28 23:59:59", "25").taken == expected);
    CHECK(with_original_time("2026:02:28 23:59:59", "2509").taken == expected);
    expected.utc_offset = -(3h + 30min);
    CHECK(with_original_time("2026:02:28 23:59:59", "25", "-03:30").taken == expected);
    CHECK(with_original_time("2026:02:28 23:59:59", "25", "+15:00").taken->utc_offset ==
          std::nullopt);
    CHECK(with_original_time("2026:02:28 23:59:59", "25", "0200").taken->utc_offset ==
          std::nullopt);
}

TEST_CASE("offsets are read in the forms that cameras write") {
    const auto offset = [](const std::string& text) {
        return with_original_time("2026:02:28 23:59:59", "", text).taken->utc_offset;
    };
    CHECK(offset("-5:00") == -5h);
    CHECK(offset("+0530") == 5h + 30min);
    CHECK(offset("+05") == 5h);
    CHECK(offset("+3") == 3h);
    CHECK(offset("Z") == 0h);
    CHECK(offset("+14:00") == 14h);
    for (const auto* const text :
         {"+14:01", "+5:3", "+5:60", "+530", "5:00", "+", "+05:30x", "EST"}) {
        CHECK_MESSAGE(offset(text) == std::nullopt, text);
    }
}

TEST_CASE("deviations from EXIF's form of a time are accepted, completely or not at all") {
    const auto taken = [](const std::string& text) { return with_original_time(text).taken; };
    const auto noon = at(2023, 6, 1, 13h + 34min + 56s);
    CHECK(taken("2023:06:01 01:34:56 PM") == noon);
    CHECK(taken("2023:06:01 01:34:56PM") == noon);
    CHECK(taken("2023:06:01 01:34:56 pm") == noon);
    CHECK(taken("2023:06:01 13:34:56 PM") == noon);
    CHECK(taken("2023-06-01T13:34:56") == noon);
    CHECK(taken("2023/06/01 13:34:56") == noon);
    CHECK(taken("2023:06:01 12:04:20 AM") == at(2023, 6, 1, 4min + 20s));
    CHECK(taken("2023:06:01 12:04:20 PM") == at(2023, 6, 1, 12h + 4min + 20s));
    CHECK(taken("2019:01:01 24:04:20") == at(2019, 1, 1, 4min + 20s));
    CHECK(taken("2023:06:01 13:34:56.5") == at(2023, 6, 1, 13h + 34min + 56s + 500ms));
    auto zoned = noon;
    zoned.utc_offset = 2h;
    CHECK(taken("2023:06:01 13:34:56+02:00") == zoned);
    CHECK(taken("2023:06:01 01:34:56 PM +2") == zoned);
    zoned.utc_offset = 0h;
    CHECK(taken("2023-06-01T13:34:56Z") == zoned);
    // The offset in the date takes precedence.
    CHECK(with_original_time("2023:06:01 13:34:56Z", "", "+02:00").taken == zoned);
}

TEST_CASE("a time that cannot be read is not replaced by that of the last change") {
    const Field changed = Block::text(0x0132, "2020:01:01 00:00:00");
    const auto original = [&](const std::string& text) {
        return read_metadata(Block::in_jpeg({changed}, {Block::text(0x9003, text)}, {})).taken;
    };
    CHECK_FALSE(original("2026:11:25 06:12:09 o'clock"));
    CHECK_FALSE(original("June 1st"));
    for (const auto* const unset : {"0000:00:00 00:00:00", "    :  :     :  :  ", ""}) {
        CHECK_MESSAGE(original(unset) == at(2020, 1, 1, 0ms), unset);
    }
}

TEST_CASE("hemispheres are identified by their first letter, and are required") {
    const Field two = Block::rationals(2, {{1, 1}, {30, 1}, {0, 1}});
    const Field four = Block::rationals(4, {{36, 1}, {0, 1}, {0, 1}});
    for (const auto* const south : {"S", "s", "South", "SOUTH", "south"}) {
        CHECK(with_gps(south, two, "West", four).coordinates == Coordinates{-1.5, -36});
    }
    CHECK(with_gps("North", two, "east", four).coordinates == Coordinates{1.5, 36});
    for (const auto* const senseless : {"", "E", "?", "1", "-"}) {
        CHECK_FALSE(with_gps(senseless, two, "E", four).coordinates);
        CHECK_FALSE(with_gps("S", two, senseless[0] == 'E' ? "S" : senseless, four).coordinates);
    }
    CHECK_FALSE(read_metadata(Block::in_jpeg({}, {}, {two, four})).coordinates);
}

TEST_CASE("zero degrees north and east are ignored, a single zero is not") {
    const auto degrees = [](std::uint16_t tag, std::uint32_t value) {
        return Block::rationals(tag, {{value, 1}, {0, 1}, {0, 1}});
    };
    CHECK_FALSE(with_gps("N", degrees(2, 0), "E", degrees(4, 0)).coordinates);
    CHECK_FALSE(with_gps("S", degrees(2, 0), "W", degrees(4, 0)).coordinates);
    CHECK(with_gps("N", degrees(2, 0), "E", degrees(4, 36)).coordinates == Coordinates{0, 36});
    CHECK(with_gps("N", degrees(2, 5), "E", degrees(4, 0)).coordinates == Coordinates{5, 0});
}

TEST_CASE("an impossible time is ignored") {
    for (const char* const text : {"",
                                   "2026",
                                   "2026:02:29 00:00:00",
                                   "2026:13:01 00:00:00",
                                   "2026:01:01 25:00:00",
                                   "2026:01:01 00:60:00",
                                   "    :  :     :  :  ",
                                   "-026:01:01 00:00:00",
                                   "2026:01:01 00:00:6",
                                   "2026:01:01 00:00:006",
                                   "2026:01:01 01:02:03 noon",
                                   "2026:01:01 01:02:03x",
                                   "2026:01:01 01:02:03 P",
                                   "2026:01:01 13:02:03 AM",
                                   "2026:01:01 00:02:03 PM",
                                   "2026:01:01 01:02:03.",
                                   "2026:01:01 01:02:03+15:00",
                                   "2026:01:01 01:02:03+02:00x",
                                   "2026:01-01 01:02:03",
                                   "2026:01:01_01:02:03",
                                   "2026:01:01 01:02:03 EAT"}) {
        CAPTURE(text);
        CHECK(with_original_time(text).taken == std::nullopt);
    }
}

TEST_CASE("coordinates that are out of range or incomplete are ignored") {
    const Field north = Block::rationals(2, {{10, 1}, {0, 1}, {0, 1}});
    const Field east = Block::rationals(4, {{20, 1}, {0, 0}, {0, 0}});
    CHECK(with_gps("N", north, "W", east).coordinates == Coordinates{10, -20});
    CHECK_FALSE(with_gps("N", Block::rationals(2, {{91, 1}}), "E", east).coordinates);
    CHECK_FALSE(with_gps("N", north, "E", Block::rationals(4, {{181, 1}})).coordinates);
    CHECK_FALSE(with_gps("N", north, "E", Block::rationals(4, {{0, 0}})).coordinates);
    CHECK_FALSE(with_gps("N", north, "E", Block::text(4, "20 degrees")).coordinates);
    CHECK_FALSE(read_metadata(Block::in_jpeg({}, {}, {Block::text(1, "N"), north})).coordinates);
}

TEST_CASE("damage never throws and never reads beyond the block") {
    const auto whole = Block::in_jpeg({Block::text(0x010F, "RECONYX")},
                                      {Block::text(0x9003, "2026:11:25 06:12:09")}, {});
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        CHECK_NOTHROW(read_metadata(std::span(whole).first(length)));
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const int bit : {0, 3, 7}) {
            auto damaged = whole;
            damaged[at] ^= static_cast<std::byte>(1U << static_cast<unsigned>(bit));
            CHECK_NOTHROW(read_metadata(damaged));
        }
    }
}

TEST_CASE("files without EXIF and files that are not images have no metadata") {
    for (const char* const name : {"jpeg_1x1.jpg", "gif_comment.gif", "not_an_image.jpg",
                                   "empty.png", "png_exif_truncated.png", "webp_truncated.webp"}) {
        CAPTURE(name);
        const auto metadata = read_metadata(picture(name));
        CHECK_FALSE(metadata.taken);
        CHECK_FALSE(metadata.coordinates);
        CHECK(metadata.camera_make.empty());
    }
    CHECK_THROWS_AS(read_metadata_file(picture_path("missing.jpg")), IoError);
}

TEST_CASE("times are written as ISO 8601") {
    auto time = at(2026, 3, 4, 5h + 6min + 7s);
    CHECK(to_iso8601(time) == "2026-03-04T05:06:07");
    time.local += 8ms;
    CHECK(to_iso8601(time) == "2026-03-04T05:06:07.008");
    time.utc_offset = 0min;
    CHECK(to_iso8601(time) == "2026-03-04T05:06:07.008Z");
    time.utc_offset = -(3h + 30min);
    CHECK(to_iso8601(time) == "2026-03-04T05:06:07.008-03:30");
}

TEST_CASE("EXIF is read from each format that can contain it") {
    for (const char* const name : {"jpeg_gps.jpg", "png_gps.png", "webp_gps.webp"}) {
        CAPTURE(name);
        const auto metadata = read_metadata_file(picture_path(name));
        CHECK(metadata.camera_make == "RECONYX");
        CHECK(metadata.camera_model == "HYPERFIRE 2 COVERT");
        CHECK(metadata.camera_serial_number == "H500HF08");
        REQUIRE(metadata.taken);
        CHECK(to_iso8601(*metadata.taken) == "2026-11-25T06:12:09.250-08:00");
        CHECK(metadata.coordinates == Coordinates{37.75, -119.5});
    }
    // Pillow writes only the fields of a TIFF's first directory.
    const auto tiff = read_metadata_file(picture_path("tiff_gps.tif"));
    CHECK(tiff.camera_model == "HYPERFIRE 2 COVERT");
    REQUIRE(tiff.taken);
    CHECK(to_iso8601(*tiff.taken) == "2026-11-26T08:00:00");
    CHECK_FALSE(tiff.coordinates);
}

TEST_CASE("the orientation is the one that decoding applies, from EXIF or XMP") {
    const auto of_file = [](const char* name) {
        return read_metadata_file(picture_path(name)).orientation;
    };
    CHECK(of_file("jpeg_exif6_big_endian.jpg") == 6);
    CHECK(of_file("jpeg_xmp7.jpg") == 7);
    CHECK(of_file("jpeg_444_rgb.jpg") == 1);
    CHECK(of_file("webp_exif6.webp") == 6);
}
