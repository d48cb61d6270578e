// SPDX-License-Identifier: Apache-2.0
// Answers are compared with the known ones as in the reference's test.
#include "doctor/known_answers.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

const KnownAnswers& bear() {
    const auto all = known_answers();
    return *std::find_if(all.begin(), all.end(), [](const auto& known) {
        return known.photo == "american_black_bear.jpg";
    });
}

Classification known_class() {
    return {{std::string(bear().first_class)}, {0.9}, {}, {}};
}

std::vector<Detection> known_detections() {
    return {{Category::animal, 0.95, bear().detections.front().box}};
}

}  // namespace

TEST_CASE(
    "every photo of known answers has a crop and a class, and all but the blanks detections") {
    CHECK(known_answers().size() == 16);
    for (const auto& known : known_answers()) {
        CAPTURE(known.photo);
        CHECK(std::count(known.first_class.begin(), known.first_class.end(), ';') == 6);
        CHECK(known.detections.empty() == known.photo.starts_with("blank"));
        CHECK(known.crop.width > 0);
    }
}

TEST_CASE("the known answers agree with themselves") {
    CHECK(differences(bear(), known_detections(), known_class()).empty());
}

TEST_CASE("a box may differ by 0.005 in each value, and further detections are ignored") {
    auto found = known_detections();
    found.front().bbox.xmin += 0.0049;
    found.front().bbox.height -= 0.0049;
    found.push_back({Category::vehicle, 0.5, {0.1, 0.1, 0.1, 0.1}});
    CHECK(differences(bear(), found, known_class()).empty());
    found.front().bbox.width += 0.0052;
    CHECK(differences(bear(), found, known_class()) == "1 of 1 known detections are missing");
}

TEST_CASE("another category or another class differs") {
    auto found = known_detections();
    found.front().category = Category::human;
    const auto text = differences(bear(), found, std::nullopt);
    CHECK(text.starts_with("1 of 1 known detections are missing; the class is nothing, not "));
    CHECK(text.ends_with("american black bear"));
    CHECK(differences(bear(), {}, known_class()).starts_with("1 of 1"));
}

}  // namespace speciesnet::cli
