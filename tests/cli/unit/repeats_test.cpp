// SPDX-License-Identifier: Apache-2.0
// Recurring boxes, found in a grid and by comparing all pairs; decisions about them.
#include "speciesnet/error.hpp"

#include "repeats/repeat_decisions.hpp"
#include "repeats/repeat_finder.hpp"

#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;

namespace {

Prediction photo(const std::string& file, const std::vector<Detection>& detections) {
    Prediction prediction{.filepath = file};
    prediction.detections.emplace();
    for (const auto& detection : detections) {
        prediction.detections->push_back({.detection = detection});
    }
    return prediction;
}

class Photos final : public Results {
public:
    explicit Photos(std::vector<Prediction> photos) : photos_(std::move(photos)) {}
    void for_each(const std::function<void(const Prediction&)>& visit) const override {
        for (const auto& one : photos_) {
            visit(one);
        }
    }
    const std::optional<RunInfo>& run() const override { return run_; }

private:
    std::vector<Prediction> photos_;
    std::optional<RunInfo> run_;
};

const BoundingBox branch{.xmin = 0.1, .ymin = 0.2, .width = 0.1, .height = 0.1};
const BoundingBox elsewhere{.xmin = 0.6, .ymin = 0.2, .width = 0.1, .height = 0.1};

}  // namespace

TEST_CASE("the overlap of boxes is intersection over union") {
    CHECK(intersection_over_union(branch, branch) == doctest::Approx(1));
    CHECK(intersection_over_union(branch, elsewhere) == 0);
    const BoundingBox half{.xmin = 0.1, .ymin = 0.2, .width = 0.05, .height = 0.1};
    CHECK(intersection_over_union(branch, half) == doctest::Approx(0.5));
    CHECK(intersection_over_union({.width = 0, .height = 0}, {.width = 0, .height = 0}) == 0);
}

TEST_CASE("a grid finds the same boxes as comparing all pairs") {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> part(0, 1);
    for (const double tolerance : {0.5, 0.7, 0.9, 0.99}) {
        CAPTURE(tolerance);
        BoxGrid grid(tolerance);
        std::vector<BoundingBox> boxes;
        std::size_t found = 0;
        for (int count = 0; count < 2000; ++count) {
            BoundingBox box{.xmin = part(random),
                            .ymin = part(random),
                            .width = 0.001 + part(random) * part(random) * part(random),
                            .height = 0.001 + part(random) * part(random) * part(random)};
            if (count % 2 == 1) {
                // Almost as far from an earlier one as the tolerance allows.
                box = boxes[static_cast<std::size_t>(count) / 2];
                const auto shift = [&] { return (part(random) - 0.5) * 2 * (1 - tolerance); };
                box.xmin += shift() * box.width;
                box.ymin += shift() * box.height;
                box.width *= 1 + shift();
                box.height *= 1 + shift();
            }
            double best = 0;
            for (const auto& other : boxes) {
                best = std::max(best, intersection_over_union(box, other));
            }
            const auto number = grid.find(Category::animal, box);
            REQUIRE(number.has_value() == (best >= tolerance));
            if (number) {
                ++found;
                CHECK(intersection_over_union(box, boxes[*number]) == best);
            }
            CHECK_FALSE(grid.find(Category::human, box));
            grid.add(Category::animal, box);
            boxes.push_back(box);
        }
        CHECK(found > 50);
    }
}

TEST_CASE("boxes without finite values or sides are not added") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    CHECK(BoxGrid::takes(branch));
    for (const auto& box :
         {BoundingBox{nan, 0, 1, 1}, BoundingBox{0, infinity, 1, 1}, BoundingBox{0, 0, nan, 1},
          BoundingBox{0, 0, 0, 1}, BoundingBox{0, 0, 1, -1}, BoundingBox{0, 0, 1e9, 1}}) {
        CHECK_FALSE(BoxGrid::takes(box));
    }
}

TEST_CASE("a repeat is a box of one camera and category that occurs often enough") {
    RepeatFinder finder({.least = 3});
    for (int count = 0; count < 4; ++count) {
        auto shaken = branch;
        shaken.xmin += 0.001 * count;
        std::vector<Detection> detections{{Category::animal, 0.5 + 0.1 * count, shaken}};
        if (count < 2) {
            detections.push_back({Category::animal, 0.9, elsewhere});
            detections.push_back({Category::human, 0.9, branch});
        }
        finder.add("A/", photo("A/" + std::to_string(count) + ".JPG", detections));
        finder.add("B/", photo("B/x.JPG", {{Category::animal, 0.05, branch}}));
        finder.add("C/", photo("C/x.JPG", {{Category::animal, 0.9, {0, 0, 0.5, 0.5}}}));
    }
    const auto repeats = finder.take();
    REQUIRE(repeats.size() == 1);
    CHECK(repeats[0].repeat.folder == "A/");
    CHECK(repeats[0].repeat.detections == 4);
    CHECK(repeats[0].repeat.greatest_conf == doctest::Approx(0.8));
    CHECK(repeats[0].repeat.bbox == branch);
    REQUIRE(repeats[0].examples.size() == 4);
    CHECK(repeats[0].examples[3].filepath == "A/3.JPG");
}

TEST_CASE("examples of a repeat are few and spread over its photos") {
    RepeatFinder finder({});
    for (int count = 0; count < 1000; ++count) {
        finder.add("A/", photo(std::to_string(count), {{Category::animal, 0.9, branch}}));
    }
    const auto repeats = finder.take();
    REQUIRE(repeats.size() == 1);
    CHECK(repeats[0].examples.size() == RepeatFinder::most_examples);
    CHECK(repeats[0].examples.front().filepath == "0");
    CHECK(repeats[0].examples.back().filepath == "511");
}

TEST_CASE("decisions survive their table, in any order of columns") {
    const std::vector<Repeat> repeats{
        {.folder = "A, \"1\"/", .category = Category::animal, .bbox = branch, .detections = 30},
        {.folder = "B/", .category = Category::human, .bbox = elsewhere, .suppress = false}};
    const auto decisions = RepeatDecisions::parse(repeats_csv(repeats, 0.9));
    const Detection there{Category::animal, 0.7, branch};
    CHECK(decisions.decision("A, \"1\"/", there) == true);
    CHECK_FALSE(decisions.decision("A/", there));
    CHECK_FALSE(decisions.decision("A, \"1\"/", {Category::human, 0.7, branch}));
    CHECK_FALSE(decisions.decision("A, \"1\"/", {Category::animal, -0.7, branch}));
    CHECK(decisions.decision("B/", {Category::human, 0.7, elsewhere}) == false);
    const auto sorted = RepeatDecisions::parse(
        "note;Suppress;tolerance;height;width;ymin;xmin;category;folder\n"
        "moss;YES;0.9;0.1;0.1;0.2;0.1;Animal;A/\n");
    CHECK(sorted.decision("A/", there) == true);
}

TEST_CASE("errors in a table of decisions name the line") {
    const std::string head = "folder,category,xmin,ymin,width,height,tolerance,suppress\n";
    for (const auto& wrong : std::vector<std::pair<std::string, std::string>>{
             {"", "the table is empty"},
             {"folder,category\n", "'xmin'"},
             {head + "A/,animal,0.1\n", "line 2: there are too few"},
             {head + "A/,animal,0.1,0.1,0.1,0.1,0.9,perhaps\n", "line 2: suppress is 'perhaps'"},
             {head + "A/,tree,0.1,0.1,0.1,0.1,0.9,yes\n", "line 2: 'tree'"},
             {head + "A/,animal,left,0.1,0.1,0.1,0.9,yes\n", "line 2: 'left'"},
             {head + "A/,animal,0.1,0.1,0,0.1,0.9,yes\n", "line 2: its box"},
             {head + "A/,animal,0.1,0.1,0.1,0.1,0.1,yes\n", "line 2: the tolerance is not"},
             {head + "A/,animal,0.1,0.1,0.1,0.1,0.9,yes\nA/,animal,0.5,0.1,0.1,0.1,0.8,yes\n",
              "line 3: the tolerance differs"}}) {
        CAPTURE(wrong.first);
        try {
            RepeatDecisions::parse(wrong.first);
            FAIL("not refused");
        } catch (const InvalidArgument& error) {
            CHECK(std::string(error.what()).find(wrong.second) != std::string::npos);
        }
    }
}

TEST_CASE("suppressed detections are marked, and none is lost") {
    auto per_image = photo("A/3.JPG", {whole_image_detection(), {Category::animal, 0.9, branch}});
    per_image.detections->front().answer = Answer{.label = "lion", .score = 0.9};
    auto two = per_image;
    two.filepath = "A/4.JPG";
    two.detections->push_back({.detection = {Category::animal, 0.3, elsewhere}});
    const Photos photos(
        {photo("A/1.JPG", {{Category::animal, 0.8, branch}, {Category::animal, 0.7, elsewhere}}),
         photo("B/1.JPG", {{Category::animal, 0.8, branch}}), per_image, two});
    const auto decisions = RepeatDecisions::parse(
        repeats_csv(std::vector<Repeat>{{.folder = "A/", .bbox = branch}}, 0.9));
    std::vector<std::vector<double>> found;
    ResultsWithoutRepeats(photos, decisions).for_each([&](const Prediction& prediction) {
        auto& confidences = found.emplace_back();
        for (const auto& entry : *prediction.detections) {
            confidences.push_back(entry.detection.conf);
        }
    });
    CHECK(found ==
          std::vector<std::vector<double>>{{-0.8, 0.7}, {0.8}, {-1, -0.9}, {1, -0.9, 0.3}});
}
