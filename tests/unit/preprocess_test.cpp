// SPDX-License-Identifier: Apache-2.0
// Letterbox and crop on images small enough to check by hand; the reference's own arrays are
// compared in tests/conformance.
#include "speciesnet/error.hpp"

#include "preprocess/crop_resize.hpp"
#include "preprocess/letterbox.hpp"
#include "preprocess/resize_fixed_point.hpp"
#include "preprocess/resize_float.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

using Pixel = std::array<std::uint8_t, 3>;

Image flat(int width, int height, const Pixel& colour) {
    std::vector<std::uint8_t> rgb;
    for (int i = 0; i < width * height; ++i) {
        rgb.insert(rgb.end(), colour.begin(), colour.end());
    }
    return Image::from_rgb(width, height, rgb);
}

Pixel pixel(const std::vector<std::uint8_t>& rgb, int width, int x, int y) {
    Pixel result{};
    std::copy_n(rgb.begin() + (static_cast<std::ptrdiff_t>(y) * width + x) * 3, 3, result.begin());
    return result;
}

constexpr Pixel colour = {10, 200, 77};
constexpr Pixel grey = {letterbox_padding, letterbox_padding, letterbox_padding};
constexpr Pixel black = {0, 0, 0};

}  // namespace

TEST_CASE("letterbox scales the long side to 1280 and pads to the stride, not to a square") {
    const Letterboxed boxed = letterbox(flat(640, 360, colour));
    CHECK(boxed.width == 1280);
    CHECK(boxed.height == 768);
    CHECK(pixel(boxed.rgb, 1280, 0, 23) == grey);
    CHECK(pixel(boxed.rgb, 1280, 0, 24) == colour);
    CHECK(pixel(boxed.rgb, 1280, 1279, 743) == colour);
    CHECK(pixel(boxed.rgb, 1280, 1279, 744) == grey);
}

TEST_CASE("letterbox scales the long side to the given size") {
    const Letterboxed boxed = letterbox(flat(640, 360, colour), 320);
    CHECK(boxed.width == 320);
    CHECK(boxed.height == 192);
    CHECK(pixel(boxed.rgb, 320, 0, 5) == grey);
    CHECK(pixel(boxed.rgb, 320, 0, 6) == colour);
    CHECK(pixel(boxed.rgb, 320, 319, 185) == colour);
    CHECK(pixel(boxed.rgb, 320, 319, 186) == grey);
}

TEST_CASE("letterbox does not change an image of the right size") {
    const Image image = flat(1280, 960, colour);
    const Letterboxed boxed = letterbox(image);
    CHECK(std::ranges::equal(boxed.rgb, image.pixels()));
}

TEST_CASE("an odd number of padding rows has the extra one below") {
    // 1280 × 959: 1 row short of 960.
    const Letterboxed boxed = letterbox(flat(1280, 959, colour));
    CHECK(boxed.height == 960);
    CHECK(pixel(boxed.rgb, 1280, 5, 0) == colour);
    CHECK(pixel(boxed.rgb, 1280, 5, 959) == grey);
}

TEST_CASE("an image that would scale to less than a row keeps one row") {
    const Letterboxed boxed = letterbox(flat(4000, 1, colour));
    CHECK(boxed.width == 1280);
    CHECK(boxed.height == 64);
    CHECK(pixel(boxed.rgb, 1280, 640, 31) == colour);
    CHECK(pixel(boxed.rgb, 1280, 640, 32) == grey);
}

TEST_CASE("fixed-point scaling rounds as OpenCV does") {
    // cv2.resize([[0, 255]], (5, 1)) and its transpose; one of three channels is listed.
    const std::vector<std::uint8_t> source = {0, 0, 0, 255, 255, 255};
    const std::vector<std::uint8_t> expected = {0, 26, 128, 229, 255};
    std::vector<std::uint8_t> across(5 * 3);
    resize_fixed_point(source, 2, 1, {across.data(), 5, 1, 5 * 3});
    std::vector<std::uint8_t> down(5 * 3);
    resize_fixed_point(source, 1, 2, {down.data(), 1, 5, 3});
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(across[i * 3] == expected[i]);
        CHECK(down[i * 3 + 2] == expected[i]);
    }
}

TEST_CASE("a crop of one colour stays that colour") {
    const Image image = flat(31, 17, colour);
    const auto crop = crop_resize(image, {0.1, 0.1, 0.8, 0.8});
    REQUIRE(crop);
    CHECK(pixel(*crop, crop_size, 0, 0) == colour);
    CHECK(pixel(*crop, crop_size, 479, 479) == colour);
    CHECK(crop->size() == std::size_t{crop_size} * crop_size * 3);
}

TEST_CASE("a crop uses whole pixels: offsets and sizes are truncated") {
    // Two columns, the left one black. xmin 0.99 truncates to column 1 of 2; 0.99 of two columns is
    // one column.
    const Image image = Image::from_rgb(2, 1, {0, 0, 0, colour[0], colour[1], colour[2]});
    CHECK(pixel(*crop_resize(image, {0.99, 0, 0.99, 1}), crop_size, 0, 0) == colour);
    CHECK(pixel(*crop_resize(image, {0.49, 0, 0.99, 1}), crop_size, 479, 0) == black);
}

TEST_CASE("a box that truncates to no pixels gives no crop") {
    CHECK_FALSE(crop_resize(flat(10, 10, colour), {0.5, 0.5, 0.09, 0.5}));
    CHECK_FALSE(crop_resize(flat(10, 10, colour), {0.5, 0.5, 0.5, 0.0}));
}

TEST_CASE("beyond the border a crop is black") {
    const Image image = flat(10, 10, colour);
    const auto right = crop_resize(image, {0.5, 0, 1, 1});
    CHECK(pixel(*right, crop_size, 200, 0) == colour);
    CHECK(pixel(*right, crop_size, 280, 0) == black);
    const auto above = crop_resize(image, {0, -0.5, 1, 1});
    CHECK(pixel(*above, crop_size, 0, 200) == black);
    CHECK(pixel(*above, crop_size, 0, 280) == colour);
}

TEST_CASE("a box that is unreasonably far away is refused") {
    CHECK_THROWS_AS(crop_resize(flat(10, 10, colour), {1e9, 0, 1, 1}), InvalidArgument);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_AS(crop_resize(flat(10, 10, colour), {0, 0, nan, 1}), InvalidArgument);
}

TEST_CASE("full_image models lose at most 400 rows and at most 30 % of them") {
    // Row y has the grey level y / 10, so the first row of the crop shows where it begins.
    const auto first_level = [](int height) {
        std::vector<std::uint8_t> rgb;
        for (int y = 0; y < height; ++y) {
            rgb.insert(rgb.end(), 3, static_cast<std::uint8_t>(y / 10));
        }
        return crop_resize_full_image(Image::from_rgb(1, height, rgb))->front();
    };
    CHECK(first_level(1000) == 15);  // 700 rows, from 150
    CHECK(first_level(2000) == 20);  // 1600 rows, from 200
}

TEST_CASE("an image of one row has no crop for full_image models") {
    CHECK_FALSE(crop_resize_full_image(flat(5, 1, colour)));
}

TEST_CASE("float scaling truncates what torch computes, to the last bit") {
    // F.resize of the row [0, 1/255, 1] to 4: 0.125, 0.625, 1.375 (clamped weights), 2.
    const Image image = Image::from_rgb(3, 1, {0, 0, 0, 1, 1, 1, 255, 255, 255});
    const auto row = resize_float(image, {0, 0, 3, 1}, 4);
    CHECK(row[0 * 3] == 0);
    CHECK(row[1 * 3] == 0);
    CHECK(row[2 * 3] == 96);
    CHECK(row[3 * 3] == 255);
}
