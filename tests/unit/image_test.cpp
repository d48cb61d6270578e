// SPDX-License-Identifier: Apache-2.0
// Compares decoders with Pillow's results for the same files (tests/fixtures/images/expected.txt),
// and checks the rules of orientation by hand.
#include "speciesnet/image.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/metadata.hpp"

#include "image/exif.hpp"
#include "image_fixtures.hpp"
#include "sha256.hpp"
#include "temporary_folder.hpp"

#include <cstdlib>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// Pillow decodes a PNG without its palette as black; libpng refuses it.
constexpr const char* without_palette = "png_palette_missing.png";

/// A line of expected.txt.
struct Expected {
    std::string name;
    bool decodable;
    int width;
    int height;
    std::string digest;
};

std::vector<Expected> expectations() {
    std::ifstream file(picture_path("expected.txt"));
    std::vector<Expected> result;
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        Expected expected{};
        words >> expected.name >> expected.width >> expected.height >> expected.digest;
        expected.decodable = !expected.digest.empty() && expected.name != without_palette;
        result.push_back(expected);
    }
    return result;
}

ErrorCode code_of_decoding(std::span<const std::byte> bytes, const DecodeLimits& limits = {}) {
    try {
        decode(bytes, limits);
    } catch (const InvalidImage& error) {
        return error.code();
    }
    return ErrorCode::internal;
}

/// libjpeg-turbo 2 and 3 smooth it differently; it has a separate test.
constexpr const char* smoothed = "jpeg_progressive_truncated.jpg";

}  // namespace

TEST_CASE("every image decodes to Pillow's bytes, or to an error if Pillow fails") {
    const std::vector<Expected> all = expectations();
    REQUIRE(all.size() > 100);
    for (const Expected& expected : all) {
        if (expected.name == smoothed) {
            continue;
        }
        CAPTURE(expected.name);
        if (!expected.decodable) {
            CHECK_THROWS_AS(decode_file(picture_path(expected.name)), InvalidImage);
            continue;
        }
        const Image image = decode(picture(expected.name));
        CHECK(image.width() == expected.width);
        CHECK(image.height() == expected.height);
        CHECK(sha256(image.pixels()) == expected.digest);
    }
}

TEST_CASE("a truncated progressive JPEG differs from libjpeg-turbo 3 by at most 3 levels") {
    const Image ours = decode(picture(smoothed));
    const Image reference = decode(picture("jpeg_progressive_truncated.png"));
    REQUIRE(ours.pixels().size() == reference.pixels().size());
    int largest = 0;
    for (std::size_t i = 0; i < ours.pixels().size(); ++i) {
        largest = std::max(largest, std::abs(ours.pixels()[i] - reference.pixels()[i]));
    }
    CHECK(largest <= 3);
}

TEST_CASE("an image says whether its file was truncated") {
    std::vector<std::string> truncated;
    for (const Expected& expected : expectations()) {
        if (expected.decodable && decode(picture(expected.name)).truncated()) {
            truncated.push_back(expected.name);
        }
    }
    CHECK(truncated == std::vector<std::string>{
                           "bmp_4_grey_levels.bmp",  // Pillow also reads it with 8 bits.
                           "bmp_4_truncated.bmp", "gif_interlaced_truncated.gif",
                           "jpeg_progressive_truncated.jpg",
                           "jpeg_progressive_truncated_in_table.jpg", "jpeg_truncated.jpg",
                           "png_damaged_pixels.png", "png_grey_alpha8_truncated.png",
                           "png_palette4_interlaced_truncated.png", "png_rgb8_truncated.png",
                           "tiff_palette4_truncated.tif", "tiff_truncated.tif"});
}

TEST_CASE("a JPEG that lacks only its end-of-image marker is complete") {
    auto bytes = picture("jpeg_420.jpg");
    bytes.resize(bytes.size() - 2);
    CHECK_FALSE(decode(bytes).truncated());
    bytes.resize(bytes.size() - 200);
    CHECK(decode(bytes).truncated());
}

TEST_CASE("each EXIF orientation moves the first row and column correctly") {
    // 3 × 2 pixels, numbered in their red channel:  1 2 3
    //                                               4 5 6
    std::vector<std::uint8_t> stored;
    for (std::uint8_t i = 1; i <= 6; ++i) {
        stored.insert(stored.end(), {i, 0, 0});
    }
    const auto turned = [&](int orientation) {
        PixelSize size{3, 2};
        const std::vector<std::uint8_t> rgb = upright(stored, size, orientation);
        CHECK(size == (orientation < 5 ? PixelSize{3, 2} : PixelSize{2, 3}));
        std::vector<int> reds;
        for (std::size_t i = 0; i < rgb.size(); i += 3) {
            reds.push_back(rgb[i]);
        }
        return reds;
    };
    CHECK(turned(1) == std::vector{1, 2, 3, 4, 5, 6});
    CHECK(turned(2) == std::vector{3, 2, 1, 6, 5, 4});
    CHECK(turned(3) == std::vector{6, 5, 4, 3, 2, 1});
    CHECK(turned(4) == std::vector{4, 5, 6, 1, 2, 3});
    CHECK(turned(5) == std::vector{1, 4, 2, 5, 3, 6});
    CHECK(turned(6) == std::vector{4, 1, 5, 2, 6, 3});
    CHECK(turned(7) == std::vector{6, 3, 5, 2, 4, 1});
    CHECK(turned(8) == std::vector{3, 6, 2, 5, 1, 4});
}

TEST_CASE("an image owns exactly width × height × 3 bytes") {
    const Image image = Image::from_rgb(2, 1, {1, 2, 3, 4, 5, 6});
    CHECK(image.width() == 2);
    CHECK(image.height() == 1);
    CHECK(image.pixels()[5] == 6);
    CHECK(image == Image::from_rgb(2, 1, {1, 2, 3, 4, 5, 6}));
    CHECK_FALSE(image == Image::from_rgb(1, 2, {1, 2, 3, 4, 5, 6}));
    CHECK_FALSE(image == Image::from_rgb(2, 1, {1, 2, 3, 4, 5, 7}));
    CHECK_THROWS_AS(Image::from_rgb(2, 1, {1, 2, 3}), InvalidArgument);
    CHECK_THROWS_AS(Image::from_rgb(0, 1, {}), InvalidArgument);
    CHECK_THROWS_AS(Image::from_rgb(1, -1, {1, 2, 3}), InvalidArgument);
}

TEST_CASE("copies of an image share their pixels") {
    const Image image = Image::from_rgb(1, 1, {1, 2, 3});
    const Image copy = image;
    CHECK(copy.pixels().data() == image.pixels().data());
}

TEST_CASE("decode observes the limits") {
    const std::vector<std::byte> bytes = picture("png_rgb8_interlaced.png");  // 37 × 29
    CHECK(code_of_decoding(bytes, {.max_bytes = bytes.size() - 1}) == ErrorCode::media_too_large);
    CHECK(code_of_decoding(bytes, {.max_pixels = 37 * 29 - 1}) == ErrorCode::media_too_large);
    CHECK_NOTHROW(decode(bytes, {.max_bytes = bytes.size(), .max_pixels = 37 * 29}));
}

TEST_CASE("a file that cannot be read is an IoError") {
    try {
        decode_file(picture_path("there_is_no_such.jpg"));
        FAIL("no exception");
    } catch (const IoError& error) {
        CHECK(error.code() == ErrorCode::not_found);
    }
    CHECK_THROWS_AS(decode_file(SPECIESNET_FIXTURES "/images"), IoError);
}

TEST_CASE("the beginning of a file is read, or all of it") {
    const auto bytes = picture("jpeg_420.jpg");
    CHECK(read_beginning(picture_path("jpeg_420.jpg"), 5) ==
          std::vector(bytes.begin(), bytes.begin() + 5));
    CHECK(read_beginning(picture_path("jpeg_420.jpg"), 1U << 20U) == bytes);
    CHECK(read_encoded_file(picture_path("jpeg_420.jpg")) == bytes);
}

TEST_CASE("a file of 0 bytes is reported as empty") {
    try {
        decode_file(picture_path("empty.png"));
        FAIL("no exception");
    } catch (const InvalidImage& error) {
        CHECK(error.code() == ErrorCode::media_type_mismatch);
        CHECK(std::string(error.what()) == "the file is empty (0 bytes)");
    }
}

TEST_CASE("a file beyond the limit is refused unread") {
    CHECK_THROWS_AS(decode_file(picture_path("jpeg_420.jpg"), {.max_bytes = 10}), InvalidImage);
}

TEST_CASE("images may be decoded on several threads at once") {
    const std::vector<Expected> all = expectations();
    std::vector<std::thread> threads;
    std::array<int, 4> wrong{};
    for (int& count : wrong) {
        threads.emplace_back([&all, &count] {
            for (const Expected& expected : all) {
                if (expected.decodable && expected.name != smoothed) {
                    count += sha256(decode(picture(expected.name)).pixels()) != expected.digest;
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(wrong == std::array<int, 4>{});
}
