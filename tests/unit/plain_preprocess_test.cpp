// SPDX-License-Identifier: Apache-2.0
// Compares fast and plain implementations at sizes that do not fill vectors and scales that are not
// round.
#include "plain_preprocess.hpp"

#include "network/rgb_input.hpp"
#include "preprocess/resize_fixed_point.hpp"

#include <array>
#include <random>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

Image noise(int width, int height) {
    std::mt19937 random(static_cast<unsigned>(width * 10'007 + height));
    std::vector<std::uint8_t> rgb(static_cast<std::size_t>(width) *
                                  static_cast<std::size_t>(height) * 3);
    std::generate(rgb.begin(), rgb.end(), [&] { return static_cast<std::uint8_t>(random()); });
    return Image::from_rgb(width, height, std::move(rgb));
}

struct Sizes {
    int source_width, source_height, width, height;
};

}  // namespace

TEST_CASE("fixed-point scaling is bit-identical to the plain one, at any size") {
    for (const auto& [source_width, source_height, width, height] :
         {Sizes{1, 1, 7, 5}, Sizes{2, 3, 1, 1}, Sizes{17, 31, 53, 11}, Sizes{333, 7, 129, 65},
          Sizes{64, 64, 33, 127}, Sizes{5, 301, 3, 300}, Sizes{199, 3, 200, 2}}) {
        const int columns = source_width;
        CAPTURE(columns);
        const auto image = noise(source_width, source_height);
        std::vector<std::uint8_t> result(static_cast<std::size_t>(width * height * 3));
        resize_fixed_point(image.pixels(), source_width, source_height,
                           {result.data(), width, height, width * 3});
        CHECK(result == plain::resize_fixed_point(image, width, height));
    }
}

TEST_CASE("crops are bit-identical to the plain ones, at any size and beyond any border") {
    const auto image = noise(61, 43);
    for (const auto& box :
         {PixelRegion{0, 0, 61, 43}, PixelRegion{3, 5, 1, 1}, PixelRegion{60, 42, 7, 9},
          PixelRegion{-4, -9, 30, 70}, PixelRegion{17, 1, 2, 41}, PixelRegion{100, 0, 5, 5}}) {
        CAPTURE(box.left);
        for (const int side : {1, 5, 37, 96}) {
            CHECK(resize_float(image, box, side) == plain::resize_float(image, box, side));
        }
    }
}

TEST_CASE("a fused multiplication and addition is rounded once") {
    // Rounding the product first changes the last bit of the first two results. Rounding to double
    // first changes that of the others.
    CHECK(fused_multiply_add(0x1.56e8f4p-1F, 0x1.964a36p-2F, 0x1.defefap-1F) == 0x1.338698p+0F);
    CHECK(fused_multiply_add(0x1.574784p-1F, 0x1.d3f2d4p-1F, 0x1.ab51f4p-2F) == 0x1.07b3c2p+0F);
    CHECK(fused_multiply_add(0x1.000002p-12F, 0x1.fffffcp-13F, 0x1.000002p+0F) == 0x1.000002p+0F);
    CHECK(fused_multiply_add(0x1.000002p-12F, -0x1.fffffcp-13F, 0x1.000002p+0F) == 0x1.000002p+0F);
}

TEST_CASE("every byte becomes the result of NumPy's division, at any position") {
    std::array<std::uint8_t, 3 * 259> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(i * 7);
    }
    std::array<float, bytes.size()> values{};
    to_unit_range(bytes, values.data());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto expected = static_cast<float>(static_cast<double>(bytes[i]) / 255.0);
        CHECK(values[i] == expected);
    }
}

TEST_CASE("many boxes are suppressed as by the plain algorithm") {
    std::mt19937 random(5);
    std::vector<float> rows;
    for (int box = 0; box < 2000; ++box) {
        for (const float largest : {600.0F, 600.0F, 90.0F, 90.0F, 1.0F, 1.0F, 1.0F, 1.0F}) {
            rows.push_back(std::uniform_real_distribution<float>(0, largest)(random));
        }
    }
    const auto kept = non_maximum_suppression(rows, 3);
    const auto expected = plain::suppress(rows, 3);
    CHECK(kept.size() == nms_max_detections);
    CHECK(std::ranges::equal(kept, expected, [](const auto& a, const auto& b) {
        return a.xmin == b.xmin && a.ymax == b.ymax && a.conf == b.conf &&
               a.class_index == b.class_index;
    }));
}
