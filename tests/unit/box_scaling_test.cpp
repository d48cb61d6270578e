// SPDX-License-Identifier: Apache-2.0
// Scales boxes from the detector's pixels back to the photo.
#include "detector/box_scaling.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("padding and scale of the letterbox are undone") {
    // A photo of 640×200 becomes 1280×400, padded to 448: 24 rows above and below.
    const std::array boxes{PixelBox{200, 124, 600, 224, 0.5F, 1}};
    const auto detections = scale_to_photo(boxes, {1280, 448}, {640, 200});
    REQUIRE(detections.size() == 1);
    CHECK(detections[0].category == Category::human);
    CHECK(detections[0].conf == 0.5);
    CHECK(detections[0].bbox.xmin == doctest::Approx(100.0 / 640));
    CHECK(detections[0].bbox.ymin == doctest::Approx(50.0 / 200));
    CHECK(detections[0].bbox.width == doctest::Approx(200.0 / 640));
    CHECK(detections[0].bbox.height == doctest::Approx(50.0 / 200));
}

TEST_CASE("the scale of each side, in whole pixels, is undone") {
    // A photo of 999×333 becomes 640×213, padded to 224: 5 rows above, 6 below. Without rounding,
    // it would be 213.33 rows.
    const std::array boxes{PixelBox{64, 69, 320, 154.2F, 0.5F, 1}};
    const auto each = scale_to_photo(boxes, {640, 224}, {999, 333}, LetterboxScale::of_each_side);
    CHECK(each[0].bbox.xmin * 999 == doctest::Approx(100));
    CHECK(each[0].bbox.ymin * 333 == doctest::Approx(100));
    CHECK(each[0].bbox.height * 333 == doctest::Approx(133));
    const auto before = scale_to_photo(boxes, {640, 224}, {999, 333});
    CHECK(before[0].bbox.ymin * 333 == doctest::Approx(99));
}

TEST_CASE("boxes are clipped to the photo") {
    const std::array boxes{PixelBox{-50, -50, 2000, 2000, 0.5F, 0}};
    const auto detections = scale_to_photo(boxes, {1280, 960}, {1280, 960});
    CHECK(detections[0].bbox == BoundingBox{0, 0, 1, 1});
}

TEST_CASE("edges are rounded to whole pixels of the photo, halves to even") {
    const std::array boxes{PixelBox{10.5F, 11.5F, 20.4F, 30.6F, 0.5F, 0}};
    const auto box = scale_to_photo(boxes, {1280, 960}, {1280, 960})[0].bbox;
    CHECK(box.xmin * 1280 == doctest::Approx(10));
    CHECK(box.ymin * 960 == doctest::Approx(12));
    CHECK((box.xmin + box.width) * 1280 == doctest::Approx(20));
    CHECK((box.ymin + box.height) * 960 == doctest::Approx(31));
}

TEST_CASE("classes without a name in the reference are omitted") {
    const std::array boxes{PixelBox{0, 0, 10, 10, 0.9F, 3}, PixelBox{0, 0, 10, 10, 0.5F, 2}};
    const auto detections = scale_to_photo(boxes, {1280, 960}, {1280, 960});
    REQUIRE(detections.size() == 1);
    CHECK(detections[0].category == Category::vehicle);
}
