// SPDX-License-Identifier: Apache-2.0
// HEIC and AVIF: what is decoded, and what is refused before libheif decodes it.
#include "speciesnet/error.hpp"
#include "speciesnet/image.hpp"
#include "speciesnet/metadata.hpp"

#include "image/byte_order.hpp"
#include "image/coded_picture.hpp"
#include "image/heif_file.hpp"
#include "image_fixtures.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

std::vector<std::byte> fixture(const std::string& name) {
    return picture("../heif/" + name);
}

std::vector<std::byte> bytes_of(const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::string number(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) {
        text += static_cast<char>(value >> (8 * i) & 0xFF);
    }
    return text;
}

std::string box(const std::string& type, const std::string& content) {
    return number(content.size() + 8, 4) + type + content;
}

/// Returns a box that has versions.
std::string versioned(const std::string& type, int version, const std::string& content) {
    return box(type, number(static_cast<std::uint64_t>(version) << 24, 4) + content);
}

std::string ispe(int width, int height) {
    return versioned("ispe", 0,
                     number(static_cast<std::uint64_t>(width), 4) +
                         number(static_cast<std::uint64_t>(height), 4));
}

/// Returns a box of a file, with its header.
std::string box_of(const std::vector<std::byte>& file, const std::string& type) {
    const std::string text(as_text(file));
    const std::size_t at = text.find(type);
    REQUIRE(at != std::string::npos);
    return text.substr(at - 4, read_u32(file, at - 4, ByteOrder::big));
}

/// A file with items whose data is in the box "idat". Item 1 is the primary one.
struct Heif {
    struct Item {
        std::string type;
        std::string data;
        std::vector<int> properties;  ///< Numbered from 1.
    };
    std::vector<Item> items;
    std::string properties;
    std::string references;
    int extents = 1;  ///< For each item, all with the same bytes.

    std::vector<std::byte> bytes() const {
        std::string information;
        std::string locations;
        std::string associations;
        std::string data;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const Item& item = items[i];
            const std::string id = number(i + 1, 2);
            information += versioned("infe", 2, id + number(0, 2) + item.type + '\0');
            locations +=
                id + number(1, 2) + number(0, 2) + number(static_cast<std::uint64_t>(extents), 2);
            for (int extent = 0; extent < extents; ++extent) {
                locations += number(data.size(), 4) + number(item.data.size(), 4);
            }
            data += item.data;
            associations += id + static_cast<char>(item.properties.size());
            for (const int property : item.properties) {
                associations += static_cast<char>(property);
            }
        }
        const std::string count = number(items.size(), 2);
        const std::string handler =
            versioned("hdlr", 0, number(0, 4) + "pict" + std::string(13, '\0'));
        return bytes_of(
            box("ftyp", "heic" + number(0, 4) + "mif1heic") +
            versioned(
                "meta", 0,
                handler + versioned("pitm", 0, number(1, 2)) +
                    versioned("iinf", 0, count + information) +
                    versioned("iloc", 1, number(0x4400, 2) + count + locations) +
                    box("iprp", box("ipco", properties) +
                                    versioned("ipma", 0, number(items.size(), 4) + associations)) +
                    (references.empty() ? "" : versioned("iref", 0, references)) +
                    box("idat", data)));
    }
};

std::string reference(const std::string& type, int from, const std::vector<int>& to) {
    std::string ids;
    for (const int id : to) {
        ids += number(static_cast<std::uint64_t>(id), 2);
    }
    return box(type, number(static_cast<std::uint64_t>(from), 2) + number(to.size(), 2) + ids);
}

/// The stream of plain.heic as the only item, without the box that crops its 64×64 pixels to 40×28.
Heif plain() {
    const auto file = fixture("plain.heic");
    return {.items = {{"hvc1", box_of(file, "mdat").substr(8), {1, 2}}},
            .properties = box_of(file, "hvcC") + ispe(64, 64)};
}

/// A grid of one row in which all tiles are the stream of plain.heic.
Heif grid(int columns) {
    Heif file = plain();
    const int width = 64 * columns;
    file.items.insert(
        file.items.begin(),
        {"grid",
         number(0, 2) + number(0, 1) + number(static_cast<std::uint64_t>(columns - 1), 1) +
             number(static_cast<std::uint64_t>(width), 2) + number(64, 2),
         {3}});
    file.properties += ispe(width, 64);
    file.references = reference("dimg", 1, std::vector<int>(static_cast<std::size_t>(columns), 2));
    return file;
}

class BitWriter {
public:
    BitWriter& bits(std::uint64_t value, int count) {
        for (int i = count - 1; i >= 0; --i) {
            text_ += (value >> i & 1) != 0 ? '1' : '0';
        }
        return *this;
    }
    BitWriter& exp_golomb(std::uint64_t value) {
        int length = 0;
        while ((value + 1) >> (length + 1) != 0) {
            ++length;
        }
        return bits(0, length).bits(value + 1, length + 1);
    }
    std::string bytes() const {
        std::string packed;
        for (std::size_t at = 0; at < text_.size(); at += 8) {
            std::string byte = text_.substr(at, 8);
            byte.resize(8, '0');
            packed += static_cast<char>(std::strtoul(byte.c_str(), nullptr, 2));
        }
        return packed;
    }

private:
    std::string text_;
};

/// Returns a sequence parameter set of HEVC for frames of this size, without the bytes 00 00.
std::string parameter_set(int width, int height) {
    BitWriter writer;
    writer.bits(0x4201, 16).bits(0, 4).bits(0, 3).bits(1, 1);
    for (int i = 0; i < 12; ++i) {
        writer.bits(0x55, 8);
    }
    writer.exp_golomb(0).exp_golomb(1);
    writer.exp_golomb(static_cast<std::uint64_t>(width))
        .exp_golomb(static_cast<std::uint64_t>(height));
    return writer.bits(0x55, 8).bytes();
}

/// Returns the box "hvcC" with that parameter set.
std::string configuration(int width, int height) {
    const std::string set = parameter_set(width, height);
    return box("hvcC", std::string(1, '\1') + std::string(20, '\0') + "\xFF\1\x21" + number(1, 2) +
                           number(set.size(), 2) + set);
}

ErrorCode code_of(const std::vector<std::byte>& bytes, const DecodeLimits& limits = {}) {
    try {
        decode(bytes, limits);
    } catch (const InvalidImage& error) {
        return error.code();
    }
    return ErrorCode::internal;
}

/// Returns whether a pixel has a colour, with tolerance for compression.
bool is_near(const Image& image, int x, int y, const std::array<int, 3>& colour) {
    static constexpr int tolerance = 24;
    const auto* const pixel = image.pixels().data() + (static_cast<std::size_t>(y) *
                                                           static_cast<std::size_t>(image.width()) +
                                                       static_cast<std::size_t>(x)) *
                                                          3;
    return std::ranges::equal(std::span(pixel, 3), colour,
                              [](int a, int b) { return std::abs(a - b) <= tolerance; });
}

constexpr std::array red{200, 40, 30};
constexpr std::array green{20, 140, 40};
constexpr std::array blue{20, 60, 220};

bool is_plain(const Image& image) {
    return image.width() == 40 && image.height() == 28 && is_near(image, 4, 4, red) &&
           is_near(image, 35, 4, green) && is_near(image, 35, 23, blue);
}

bool can_decode_both() {
    const bool can = can_decode(MediaType::heic) && can_decode(MediaType::avif);
    if (!can) {
        MESSAGE("skipped: built without libheif, or without its decoders");
    }
    return can;
}

}  // namespace

TEST_CASE("brands distinguish HEIC, AVIF and videos") {
    const auto type_of = [](const std::string& brands) {
        return heif_type(bytes_of(box("ftyp", brands)));
    };
    CHECK(type_of("heic" + number(0, 4) + "mif1heic") == MediaType::heic);
    CHECK(type_of("mif1" + number(0, 4) + "mif1heix") == MediaType::heic);
    CHECK(type_of("avif" + number(0, 4)) == MediaType::avif);
    CHECK(type_of("mif1" + number(0, 4) + "mif1avif") == MediaType::avif);
    CHECK_FALSE(type_of("isom" + number(0, 4) + "mp41"));
    // A minor version is not a brand.
    CHECK_FALSE(type_of("isomavif"));
    CHECK_FALSE(heif_type(bytes_of("ftypheic")));
}

TEST_CASE("a build without libheif refuses HEIC with a hint") {
    if (can_decode(MediaType::heic)) {
        return;
    }
    for (const char* const name : {"plain.heic", "plain.avif"}) {
        CHECK_THROWS_WITH_AS(decode(fixture(name)), doctest::Contains("no libheif"), InvalidImage);
        CHECK(code_of(fixture(name)) == ErrorCode::media_type_mismatch);
    }
}

TEST_CASE("HEIC and AVIF are decoded, without their alpha") {
    if (!can_decode_both()) {
        return;
    }
    for (const char* const name : {"plain.heic", "plain.avif", "alpha.heic"}) {
        CAPTURE(name);
        CHECK(is_plain(decode(fixture(name))));
    }
    const Image whole = decode(plain().bytes());
    CHECK(whole.height() == 64);
    CHECK(is_near(whole, 4, 4, red));
    CHECK(validate(fixture("plain.heic")).type == MediaType::heic);
    CHECK(validate(fixture("plain.avif")).type == MediaType::avif);
    CHECK(media_type_name(MediaType::heic) == "image/heic");
    CHECK(media_type_name(MediaType::avif) == "image/avif");
}

TEST_CASE("rotation is applied once, whether or not EXIF repeats it") {
    if (!can_decode_both()) {
        return;
    }
    for (const char* const name : {"turned_gps.heic", "turned_gps.avif"}) {
        CAPTURE(name);
        const Image image = decode(fixture(name));
        CHECK(image.width() == 28);
        CHECK(image.height() == 40);
        CHECK(is_near(image, 23, 4, red));
        CHECK(is_near(image, 4, 35, blue));
    }
}

TEST_CASE("time, location and camera are read from the EXIF item") {
    for (const char* const name : {"turned_gps.heic", "turned_gps.avif"}) {
        CAPTURE(name);
        const auto metadata = read_metadata(fixture(name));
        CHECK(metadata.camera_make == "RECONYX");
        REQUIRE(metadata.taken);
        CHECK(to_iso8601(*metadata.taken) == "2026-11-25T06:12:09.250-08:00");
        CHECK(metadata.coordinates == Coordinates{37.75, -119.5});
        CHECK(metadata.orientation == 1);
    }
    CHECK(read_metadata(fixture("plain.heic")).camera_make.empty());
}

TEST_CASE("tiles are assembled") {
    if (!can_decode_both()) {
        return;
    }
    const Image image = decode(grid(2).bytes());
    CHECK(image.width() == 128);
    CHECK(is_near(image, 4, 4, red));
    CHECK(is_near(image, 68, 4, red));
    CHECK(is_near(image, 35, 4, green));
}

TEST_CASE("frames are counted in the stream, not in the container") {
    const auto stream = bytes_of(box_of(fixture("plain.heic"), "mdat").substr(8));
    CHECK(read_hevc(stream)->passes == 1);
    CHECK(read_hevc(stream)->frames == 1);
    const auto file = fixture("plain.avif");
    const auto av1 = read_av1(bytes_of(box_of(file, "mdat").substr(8)));
    REQUIRE(av1);
    CHECK(av1->frames == 1);
    // 40 and 28 need six and five bits.
    CHECK(av1->pixels == 64 * 32);
    const auto configured = read_hevc_configuration(bytes_of(configuration(4000, 3000).substr(8)));
    REQUIRE(configured);
    CHECK(configured->pixels == 12'000'000);
}

TEST_CASE("lists that libheif would search for each of many items are refused first") {
    const auto with = [](int items, int references) {
        Heif file = plain();
        for (int item = 1; item < items; ++item) {
            file.items.push_back({"hvc1", "", {2}});
        }
        for (int i = 0; i < references; ++i) {
            file.references += reference("cdsc", 1, {1});
        }
        return file.bytes();
    };
    CHECK_THROWS_WITH_AS(static_cast<void>(HeifFile(with(1000, 8000), MediaType::heic)),
                         doctest::Contains("too many items"), InvalidImage);
    CHECK_NOTHROW(static_cast<void>(HeifFile(with(400, 400), MediaType::heic)));
}

TEST_CASE("a stream larger than its container says is refused before it is decoded") {
    Heif configured = plain();
    configured.properties = configuration(16384, 16384) + ispe(40, 28);
    Heif inside = plain();
    const std::string set = parameter_set(16384, 16384);
    inside.items[0].data = number(set.size(), 4) + set + inside.items[0].data;
    for (const Heif& file : {configured, inside}) {
        const auto bytes = file.bytes();
        CHECK(HeifFile(bytes, MediaType::heic).decoding().held_pixels ==
              std::uint64_t{16384} * 16384);
        if (can_decode(MediaType::heic)) {
            CHECK(code_of(bytes) == ErrorCode::media_too_large);
        }
    }
}

TEST_CASE("each use of a tile counts") {
    const auto decoding = [](int columns) {
        const auto bytes = grid(columns).bytes();
        return HeifFile(bytes, MediaType::heic).decoding();
    };
    CHECK(decoding(200).passed_pixels == 200 * decoding(1).passed_pixels);
    CHECK(decoding(200).held_pixels == decoding(1).held_pixels);
    CHECK(decoding(200).canvas_pixels == 200 * 64 * 64);
}

TEST_CASE("files that would cost more than they show are refused") {
    const auto refuses = [](const Heif& file) {
        const auto bytes = file.bytes();
        try {
            HeifFile(bytes, MediaType::heic).decoding();
        } catch (const InvalidImage& error) {
            return error.code() == ErrorCode::undecodable_image;
        }
        return false;
    };
    REQUIRE_FALSE(refuses(plain()));
    REQUIRE_FALSE(refuses(grid(2)));
    Heif overlapping = plain();
    overlapping.extents = 8;
    CHECK(refuses(overlapping));
    Heif circle = grid(2);
    circle.items[1] = circle.items[0];
    CHECK(refuses(circle));
    Heif tile_with_alpha = grid(2);
    tile_with_alpha.items.push_back(tile_with_alpha.items[1]);
    tile_with_alpha.references += reference("auxl", 3, {2});
    CHECK(refuses(tile_with_alpha));
    Heif alpha_of_itself = plain();
    alpha_of_itself.references = reference("auxl", 1, {1});
    CHECK(refuses(alpha_of_itself));
    Heif overlay = plain();
    overlay.items[0].type = "iovl";
    CHECK(refuses(overlay));
    Heif missing = grid(2);
    missing.references = reference("dimg", 1, {7});
    CHECK(refuses(missing));
}

TEST_CASE("any damage only makes an image undecodable") {
    for (const char* const name : {"turned_gps.heic", "alpha.heic", "turned_gps.avif"}) {
        const auto whole = fixture(name);
        const auto survives = [](const std::vector<std::byte>& bytes) {
            CHECK_NOTHROW(read_metadata(bytes));
            try {
                decode(bytes);
            } catch (const InvalidImage&) {
            }
        };
        for (std::size_t length = 0; length < whole.size(); length += 7) {
            survives({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
        }
        for (std::size_t at = 0; at < whole.size(); at += 3) {
            auto damaged = whole;
            damaged[at] ^= std::byte{0x91};
            survives(damaged);
        }
    }
}

TEST_CASE("limits and stopping apply to HEIC and AVIF") {
    if (!can_decode_both()) {
        return;
    }
    std::stop_source stop;
    stop.request_stop();
    for (const char* const name : {"plain.heic", "plain.avif"}) {
        CAPTURE(name);
        const auto bytes = fixture(name);
        const MediaInfo info = validate(bytes);
        CHECK(code_of(bytes, {.max_pixels = 40 * 28 - 1}) == ErrorCode::media_too_large);
        CHECK(code_of(bytes, {.max_work = info.work - 1}) == ErrorCode::media_too_large);
        CHECK(code_of(bytes, {.max_memory = info.memory - 1}) == ErrorCode::media_too_large);
        CHECK_NOTHROW(decode(bytes, {.max_work = info.work, .max_memory = info.memory}));
        CHECK_THROWS_AS(decode(bytes, {}, stop.get_token()), Cancelled);
    }
}
