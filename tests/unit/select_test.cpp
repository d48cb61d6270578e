// SPDX-License-Identifier: Apache-2.0
// Which detections are classified.
#include "speciesnet/ensemble.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

std::vector<Detection> with_confidences(std::initializer_list<double> confidences) {
    std::vector<Detection> detections;
    for (const double conf : confidences) {
        detections.push_back({.conf = conf});
    }
    return detections;
}

using Indices = std::vector<std::size_t>;

}  // namespace

TEST_CASE("detections at or above the threshold are classified") {
    CHECK(select_for_classification(with_confidences({0.9, 0.1, 0.0999}), 0.1, std::nullopt) ==
          Indices{0, 1});
}

TEST_CASE("at most the requested number is classified, by confidence, in their order") {
    const auto detections = with_confidences({0.3, 0.7, 0.5, 0.9});
    CHECK(select_for_classification(detections, 0.1, 2) == Indices{1, 3});
    CHECK(select_for_classification(detections, 0.1, 0).empty());
}

TEST_CASE("the first of equal confidences is chosen") {
    CHECK(select_for_classification(with_confidences({0.5, 0.5, 0.5}), 0.1, 2) == Indices{0, 1});
}
