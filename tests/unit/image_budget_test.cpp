// SPDX-License-Identifier: Apache-2.0
// The cost of decoding an image: work, memory and time are counted before they are spent.
#include "speciesnet/error.hpp"
#include "speciesnet/image.hpp"
#include "speciesnet/metadata.hpp"

#include "hostile_images.hpp"
#include "image/decode.hpp"
#include "image/format.hpp"
#include "image_fixtures.hpp"

#include <chrono>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

using hostile::Jpeg;
using hostile::Png;
using hostile::Tiff;
using hostile::Webp;

/// The server's limits for an upload, except memory.
const DecodeLimits upload{
    .max_bytes = 5U << 20U, .max_pixels = 64'000'000, .max_work = 1'000'000'000};

std::span<const std::byte> bytes_of(const std::string& file) {
    return std::as_bytes(std::span(file));
}

/// Returns the reason for which validate() refuses a file; empty if it does not.
std::string refusal(const std::string& file, const DecodeLimits& limits = upload) {
    try {
        validate(bytes_of(file), std::nullopt, limits);
    } catch (const InvalidImage& error) {
        return error.what();
    }
    return {};
}

bool refuses(const std::string& file, const std::string& words,
             const DecodeLimits& limits = upload) {
    CAPTURE(file.size());
    const std::string why = refusal(file, limits);
    CAPTURE(why);
    return why.find(words) != std::string::npos;
}

MediaInfo cost_of(const std::string& file) {
    return validate(bytes_of(file));
}

}  // namespace

TEST_CASE("a JPEG of many scans is refused before any is decoded") {
    CHECK(refuses(Jpeg{}.bytes(), "units of work"));
    CHECK(refuses(Jpeg{.scans = 2000, .arithmetic = false}.bytes(), "units of work"));
    CHECK(refuses(Jpeg{.width = 8, .height = 8, .scans = 300'000}.bytes(), "units of work"));
    CHECK(refusal(Jpeg{.width = 6000, .height = 6000, .scans = 10, .arithmetic = false}.bytes())
              .empty());
    CHECK(refusal(Jpeg{.width = 800, .height = 600}.bytes()).empty());
}

TEST_CASE("a WebP with tens of thousands of codes is refused before tables are built") {
    CHECK(refuses(Webp{}.bytes(), "units of work"));
    CHECK(refuses(Webp{.as_alpha = true}.bytes(), "units of work"));
    const auto as_tile = [](unsigned sets) {
        return Tiff{.width = 2048,
                    .height = 1024,
                    .tile = 1024,
                    .data = Webp{.sets = sets}.bytes(),
                    .compression = 50'001}
            .bytes();
    };
    if (refusal(as_tile(1)).empty()) {
        CHECK(refuses(as_tile(65'536), "units of work"));
    } else {
        MESSAGE("skipped: libtiff without WebP");
    }
    CHECK(refusal(Webp{.sets = 2600}.bytes()).empty());
    const auto cost = [](unsigned sets) {
        return cost_of(Webp{.width = 256, .height = 256, .sets = sets}.bytes());
    };
    CHECK(cost(1001).work - cost(1000).work >= 60'000);
    CHECK(cost(1001).memory - cost(1000).memory >= 12'000);
    // Images as encoders write them are decoded.
    CHECK(decode(bytes_of(Webp{.width = 64, .height = 48, .sets = 192}.bytes())).width() == 64);
}

TEST_CASE("the work of a JPEG grows with its scans, and bytes after its end do not count") {
    const auto work = [](int scans) {
        return cost_of(Jpeg{.width = 640, .height = 480, .scans = scans}.bytes()).work;
    };
    // A scan of one component of three: 80 · 60 blocks.
    CHECK(work(12) - work(11) >= 80 * 60 * 60);
    CHECK(work(12) - work(11) < 80 * 60 * 60 + 25'000);
    const std::string one = Jpeg{.width = 640, .height = 480, .scans = 1}.bytes();
    CHECK(cost_of(one + Jpeg{.width = 640, .height = 480, .scans = 90}.bytes()).work <
          cost_of(one).work + 100'000);
}

TEST_CASE("scans that were not counted in advance are counted while decoding") {
    Budget budget({.max_work = 10'000'000}, {});
    // The limit is below the one of validate(), so decode_within() is not reached.
    const std::string file = Jpeg{.width = 640, .height = 480, .scans = 30}.bytes();
    CHECK(cost_of(file).work > budget.limits().max_work);
    CHECK_THROWS_AS(jpeg_format.decode_rgb(bytes_of(file), {640, 480}, budget), InvalidImage);
    CHECK(budget.spent() < 12'000'000);
}

TEST_CASE("overlapping TIFF strips and tiles are refused") {
    CHECK(refuses(Tiff{}.bytes(), "strips or tiles overlap"));
    CHECK(refuses(Tiff{.width = 8000, .height = 8000, .tile = 16}.bytes(),
                  "strips or tiles overlap"));
    CHECK(refusal(Tiff{.height = 1}.bytes()).empty());
    // Each segment is small, but adds work.
    CHECK(refuses(Tiff{.width = 1, .height = 600'000, .data = "x"}.bytes(), "units of work"));
}

TEST_CASE("overlapping and too many TIFF fields are refused") {
    const auto with_fields = [](std::uint64_t count, std::uint64_t bytes) {
        hostile::Writer file(false);
        file.text("II*").number(0, 1).number(8, 4).number(count, 2);
        for (std::uint64_t tag = 0; tag < count; ++tag) {
            file.number(50'000 + tag, 2).number(7, 2).number(bytes, 4).number(8, 4);
        }
        return file.number(0, 4).text(std::string(10'000, '\0')).bytes();
    };
    CHECK(refuses(with_fields(100, 10'000), "overlapping fields"));
    CHECK(refuses(with_fields(4000, 4), "too many fields"));
    CHECK(refuses(with_fields(10, 4), "image/tiff"));
    // libtiff reports the same message as for a lack of memory.
    const auto without_fields = with_fields(0, 0);
    CHECK(refuses(without_fields, "a directory without fields"));
    CHECK_NOTHROW(read_metadata(bytes_of(without_fields)));
}

TEST_CASE("rows and samples of a PNG count as work, texts do not") {
    CHECK(refuses(Png{.depth = 16, .type = 6, .pixel_bits = 64}.bytes(), "units of work"));
    CHECK(refuses(Png{.width = 1, .height = 60'000'000}.bytes(), "units of work"));
    CHECK(refusal(Png{.width = 6000, .height = 4000}.bytes()).empty());
    // EXIF is searched for in all of them, and the last one is decompressed.
    const std::string texts =
        Png{.width = 8, .height = 8, .chunks = hostile::deflated_texts(4000)}.bytes();
    CHECK(decode(bytes_of(texts), upload).width() == 8);
}

TEST_CASE("memory is counted: coefficients, pixels, and the rotated image") {
    const auto memory = [](const std::string& file) { return cost_of(file).memory; };
    constexpr std::uint64_t pixels = 640 * 480;
    CHECK(memory(Jpeg{.width = 640, .height = 480, .components = 4, .scans = 2}.bytes()) ==
          4 * 2 * pixels + 3 * pixels);
    CHECK(memory(Png{.width = 640, .height = 480}.bytes()) == 2 * 3 * pixels);
    const std::string large = Jpeg{.components = 4, .scans = 2, .arithmetic = false}.bytes();
    DecodeLimits limits;
    limits.max_memory = std::uint64_t{512} << 20;
    CHECK(refuses(large, "bytes of memory", limits));
}

TEST_CASE("decoding never costs more than the estimate") {
    const auto check = [](std::span<const std::byte> bytes) {
        Budget budget({}, {});
        MediaInfo info{};
        try {
            info = validate(bytes);
            decode_within(bytes, budget);
        } catch (const InvalidImage&) {
            return;
        }
        CHECK(budget.spent() <= info.work);
        CHECK(budget.spent() > 0);
    };
    for (const auto& file : std::filesystem::directory_iterator(SPECIESNET_FIXTURES "/images")) {
        const std::string name = file.path().filename().string();
        CAPTURE(name);
        check(picture(name));
    }
    check(bytes_of(Jpeg{.width = 333, .height = 77, .scans = 9}.bytes()));
}

TEST_CASE("a decoder stops when it is stopped, and at its deadline") {
    std::stop_source stop;
    stop.request_stop();
    const DecodeLimits late{.deadline = std::chrono::steady_clock::now()};
    for (const char* const name :
         {"jpeg_420.jpg", "jpeg_progressive.jpg", "png_rgb8_interlaced.png", "gif_interlaced.gif",
          "bmp_rle8.bmp", "bmp_24_top_down.bmp", "webp_lossy.webp", "tiff_lzw_rgb.tif",
          "tiff_jpeg_ycbcr.tif"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(decode(picture(name), {}, stop.get_token()), Cancelled);
        CHECK_THROWS_AS(decode(picture(name), late), Cancelled);
    }
}
