// SPDX-License-Identifier: Apache-2.0
// Non-maximum suppression on rows few enough to follow by hand.
#include "detector/non_maximum_suppression.hpp"

#include <limits>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// x_center, y_center, width, height, objectness, animal, human, vehicle
using Row = std::vector<float>;

std::vector<PixelBox> suppress(const std::vector<Row>& rows) {
    std::vector<float> values;
    for (const auto& row : rows) {
        values.insert(values.end(), row.begin(), row.end());
    }
    return non_maximum_suppression(values, 3);
}

}  // namespace

TEST_CASE("a box keeps its best class, with confidence objectness times probability") {
    const auto boxes = suppress({{100, 50, 20, 10, 0.5F, 0.2F, 0.8F, 0.4F}});
    REQUIRE(boxes.size() == 1);
    CHECK(boxes[0].class_index == 1);
    CHECK(boxes[0].conf == 0.5F * 0.8F);
    CHECK(boxes[0].xmin == 90);
    CHECK(boxes[0].ymin == 45);
    CHECK(boxes[0].xmax == 110);
    CHECK(boxes[0].ymax == 55);
}

TEST_CASE("the first of two classes with the same probability wins") {
    const auto boxes = suppress({{100, 50, 20, 10, 0.5F, 0.3F, 0.8F, 0.8F}});
    REQUIRE(boxes.size() == 1);
    CHECK(boxes[0].class_index == 1);
}

TEST_CASE("objectness and confidence must both be greater than 0.01") {
    CHECK(suppress({{100, 50, 20, 10, 0.01F, 1, 0, 0}}).empty());
    CHECK(suppress({{100, 50, 20, 10, 0.1F, 0.1F, 0, 0}}).size() == (0.1F * 0.1F > 0.01F ? 1 : 0));
    CHECK(suppress({{100, 50, 20, 10, 0.5F, 0.02F, 0, 0}}).empty());
    CHECK(suppress({{100, 50, 20, 10, 0.5F, 0.021F, 0, 0}}).size() == 1);
}

TEST_CASE("the better of two boxes of a class that overlap by more than 0.45 stays") {
    // 10×10 boxes shifted by 3: the intersection is 70 of 130 square pixels, 0.538.
    const auto boxes = suppress({{50, 50, 10, 10, 0.5F, 1, 0, 0}, {53, 50, 10, 10, 0.6F, 1, 0, 0}});
    REQUIRE(boxes.size() == 1);
    CHECK(boxes[0].conf == 0.6F);
}

TEST_CASE("boxes that overlap by less both stay, the better first") {
    // Shifted by 4: 60 of 140, 0.429.
    const auto boxes = suppress({{50, 50, 10, 10, 0.5F, 1, 0, 0}, {54, 50, 10, 10, 0.6F, 1, 0, 0}});
    REQUIRE(boxes.size() == 2);
    CHECK(boxes[0].conf == 0.6F);
    CHECK(boxes[1].conf == 0.5F);
}

TEST_CASE("a box suppressed by a better one does not suppress others") {
    // The second overlaps the first and the third; the third overlaps only the second.
    const auto boxes = suppress({{50, 50, 10, 10, 0.9F, 1, 0, 0},
                                 {53, 50, 10, 10, 0.8F, 1, 0, 0},
                                 {56, 50, 10, 10, 0.7F, 1, 0, 0}});
    REQUIRE(boxes.size() == 2);
    CHECK(boxes[1].conf == 0.7F);
}

TEST_CASE("boxes of different classes never suppress each other") {
    CHECK(suppress({{50, 50, 10, 10, 0.5F, 1, 0, 0}, {50, 50, 10, 10, 0.6F, 0, 1, 0}}).size() == 2);
}

TEST_CASE("at most 300 boxes are kept") {
    std::vector<Row> rows;
    for (int index = 0; index < 400; ++index) {
        rows.push_back({static_cast<float>(20 * index), 50, 10, 10, 0.5F, 1, 0, 0});
    }
    CHECK(suppress(rows).size() == nms_max_detections);
}

TEST_CASE("only the best 30000 candidates are compared") {
    const Row apart = {500, 500, 10, 10, 0.5F, 0.5F, 0, 0};
    const auto boxes_behind = [&](std::size_t better) {
        std::vector<Row> rows(better, {50, 50, 10, 10, 0.5F, 1, 0, 0});
        rows.push_back(apart);
        return suppress(rows).size();
    };
    CHECK(boxes_behind(nms_max_candidates - 1) == 2);
    CHECK(boxes_behind(nms_max_candidates) == 1);
    CHECK(nms_max_candidates == 30'000);
}

TEST_CASE("boxes of the same confidence stay in the order of the rows") {
    const auto boxes = suppress({{50, 50, 10, 10, 0.5F, 1, 0, 0},
                                 {900, 50, 10, 10, 0.5F, 1, 0, 0},
                                 {400, 50, 10, 10, 0.5F, 1, 0, 0}});
    REQUIRE(boxes.size() == 3);
    CHECK(boxes[0].xmin == 45);
    CHECK(boxes[1].xmin == 895);
    CHECK(boxes[2].xmin == 395);
}

TEST_CASE("values that are NaN are not detections") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(
        suppress({{50, 50, 10, 10, nan, 1, 0, 0}, {50, 50, 10, 10, 0.5F, nan, nan, nan}}).empty());
}
