// SPDX-License-Identifier: Apache-2.0
// Labels are legible: they do not overlap and stay inside the image.
#include "drawing/label_layout.hpp"

#include <cstddef>
#include <random>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

constexpr Rectangle picture{0, 0, 640, 480};

}  // namespace

TEST_CASE("a label stands above its box, below it at the image's top, inside a box that fills it") {
    const auto above =
        place_labels(picture, std::vector<Label>{{{100, 100, 200, 200}, 80, 20}}, {});
    CHECK(above[0] == Rectangle{100, 80, 80, 20});
    const auto below = place_labels(picture, std::vector<Label>{{{100, 5, 200, 200}, 80, 20}}, {});
    CHECK(below[0] == Rectangle{100, 205, 80, 20});
    const auto inside = place_labels(picture, std::vector<Label>{{picture, 80, 20}}, {});
    CHECK(inside[0] == Rectangle{0, 0, 80, 20});
}

TEST_CASE("a label at the right edge moves left until it is inside") {
    const auto places = place_labels(picture, std::vector<Label>{{{620, 100, 20, 20}, 80, 20}}, {});
    CHECK(places[0] == Rectangle{560, 80, 80, 20});
}

TEST_CASE("a label covers its own box rather than another one") {
    const std::vector<Label> labels{{{100, 100, 200, 200}, 80, 20}, {{100, 40, 300, 60}, 80, 20}};
    const auto places = place_labels(picture, labels, {});
    CHECK(intersection(*places[0], labels[1].box).empty());
}

TEST_CASE("labels of any number of boxes stay inside and do not overlap, or are omitted") {
    std::mt19937 random(1);
    const auto number = [&random](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    for (int round = 0; round < 20; ++round) {
        std::vector<Label> labels;
        for (int i = 0; i < 150; ++i) {
            labels.push_back({{number(600), number(440), 1 + number(300), 1 + number(200)},
                              40 + number(120),
                              18});
        }
        const Rectangle taken{0, 0, 200, 20};
        const auto places = place_labels(picture, labels, {taken});
        REQUIRE(places.size() == labels.size());
        CHECK(places[0].has_value());
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (!places[i]) {
                continue;
            }
            CHECK(contains(picture, *places[i]));
            CHECK(intersection(*places[i], taken).empty());
            for (std::size_t j = 0; j < i; ++j) {
                CHECK((!places[j] || intersection(*places[i], *places[j]).empty()));
            }
        }
    }
}

TEST_CASE("a label wider than the image is omitted") {
    CHECK_FALSE(place_labels(picture, std::vector<Label>{{{0, 50, 10, 10}, 700, 20}}, {})[0]);
}

}  // namespace speciesnet::cli
