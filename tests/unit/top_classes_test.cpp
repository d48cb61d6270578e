// SPDX-License-Identifier: Apache-2.0
// Softmax and ranking.
#include "classifier/top_classes.hpp"

#include <array>
#include <cmath>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("scores are the softmax of the logits, best first") {
    const std::array logits{0.0F, std::log(3.0F), 0.0F};
    const auto classes = top_classes(logits, std::nullopt);
    REQUIRE(classes.size() == 3);
    CHECK(classes[0].index == 1);
    CHECK(classes[0].score == doctest::Approx(0.6));
    CHECK(classes[1].score == doctest::Approx(0.2));
}

TEST_CASE("equal scores keep the order of the labels") {
    const std::array logits{1.0F, 2.0F, 2.0F, 1.0F};
    const auto classes = top_classes(logits, 3);
    REQUIRE(classes.size() == 3);
    CHECK(classes[0].index == 1);
    CHECK(classes[1].index == 2);
    CHECK(classes[2].index == 0);
}

TEST_CASE("no more classes are returned than there are") {
    const std::array logits{1.0F, 2.0F};
    CHECK(top_classes(logits, 5).size() == 2);
    CHECK(top_classes({}, 5).empty());
}

TEST_CASE("large logits do not overflow") {
    const std::array logits{1000.0F, 999.0F};
    CHECK(top_classes(logits, 1)[0].score == doctest::Approx(1 / (1 + std::exp(-1.0))));
}
