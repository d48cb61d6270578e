// SPDX-License-Identifier: Apache-2.0
// Differences between two runs, and between them and human labels.
#include "compare/comparison.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/taxonomy.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

const std::string zebra = "u1;mammalia;perissodactyla;equidae;equus;quagga;plains zebra";
const std::string grevy = "u2;mammalia;perissodactyla;equidae;equus;grevyi;grevy's zebra";
const std::string equids = "u3;mammalia;perissodactyla;equidae;;;equidae family";
const std::string lion = "u4;mammalia;carnivora;felidae;panthera;leo;lion";
const std::string human(labels::human);
const std::string blank(labels::blank);
const std::string animal(labels::animal);

ClassifiedDetection entry(double conf, const std::string& label, double score,
                          BoundingBox box = {0.1, 0.1, 0.5, 0.5}) {
    return {.detection = {Category::animal, conf, box},
            .classification = std::nullopt,
            .answer = Answer{label, score, "classifier"},
            .explanation = std::nullopt};
}

Prediction photo(const std::string& file, std::vector<ClassifiedDetection> entries) {
    Prediction prediction;
    prediction.filepath = file;
    prediction.detections = std::move(entries);
    return prediction;
}

}  // namespace

TEST_CASE("ancestors are the wider groups, and animal for every animal") {
    CHECK(is_ancestor(equids, zebra));
    CHECK(is_ancestor(animal, zebra));
    CHECK_FALSE(is_ancestor(zebra, equids));
    CHECK_FALSE(is_ancestor(zebra, zebra));
    CHECK_FALSE(is_ancestor(equids, lion));
    CHECK_FALSE(is_ancestor(animal, human));
    CHECK_FALSE(is_ancestor(blank, zebra));
    CHECK_FALSE(is_ancestor("no label", zebra));
}

TEST_CASE("an answer is right, coarser or wrong") {
    CHECK(verdict(zebra, zebra) == Correctness::right);
    CHECK(verdict(zebra, equids) == Correctness::right);
    CHECK(verdict(equids, zebra) == Correctness::coarser);
    CHECK(verdict(animal, zebra) == Correctness::coarser);
    CHECK(verdict(grevy, zebra) == Correctness::wrong);
    CHECK(verdict(blank, zebra) == Correctness::wrong);
    CHECK(verdict(zebra, blank) == Correctness::wrong);
    CHECK(verdict(blank, blank) == Correctness::right);
}

TEST_CASE("labels are found by the names that people write") {
    LabelNames names;
    names.add(zebra);
    names.add("not a label");
    CHECK(names.find("Plains Zebra") == zebra);
    CHECK(names.find("equus quagga") == zebra);
    CHECK(names.find(zebra) == zebra);
    CHECK(names.find("Empty") == blank);
    CHECK(names.find("person") == human);
    CHECK_FALSE(names.find("unicorn"));
}

TEST_CASE("a table of labels finds photos by the end of their paths") {
    const Truth truth("Species,File\nlion,site1\\a.jpg\nzebra,b.jpg\n");
    CHECK(truth.name_of("/data/site1/a.jpg") == "lion");
    CHECK(truth.name_of("b.jpg") == "zebra");
    CHECK_FALSE(truth.name_of("site2/a.jpg"));
    CHECK_FALSE(truth.name_of("ab.jpg"));
    CHECK_THROWS_WITH_AS(Truth("photo,label\n"), doctest::Contains("no column file"),
                         InvalidArgument);
    CHECK_THROWS_WITH_AS(Truth("file,label\na.jpg,lion\na.jpg,zebra\n"),
                         doctest::Contains("two labels"), InvalidArgument);
    CHECK_THROWS_AS(Truth("file,label\na.jpg\n"), InvalidArgument);
}

TEST_CASE("kinds of changed answers are distinguished") {
    CHECK(change_between(zebra, zebra) == Change::none);
    CHECK(change_between(equids, zebra) == Change::finer);
    CHECK(change_between(zebra, equids) == Change::coarser);
    CHECK(change_between(zebra, blank) == Change::to_blank);
    CHECK(change_between(blank, zebra) == Change::from_blank);
    CHECK(change_between(zebra, lion) == Change::other);
    CHECK(change_between(animal, human) == Change::other);
}

TEST_CASE("two runs are compared photo by photo and box by box") {
    Comparison comparison(0.2);
    comparison.add_first(photo("same", {entry(0.9, zebra, 0.8)}));
    comparison.add_first(photo("other", {entry(0.9, zebra, 0.8)}));
    comparison.add_first(photo("lost", {entry(0.6, lion, 0.8)}));
    comparison.add_first(photo("alone", {}));
    Prediction failed;
    failed.filepath = "failed";
    failed.failures.detector = true;
    comparison.add_first(failed);
    comparison.add_second(photo("same", {entry(0.85, zebra, 0.7, {0.12, 0.1, 0.5, 0.5})}));
    comparison.add_second(photo("other", {entry(0.9, lion, 0.6, {0.5, 0.5, 0.4, 0.4})}));
    comparison.add_second(photo("lost", {}));
    comparison.add_second(photo("failed", {}));
    comparison.add_second(photo("new", {}));

    CHECK(comparison.photos() == 3);
    CHECK(comparison.only_first() == 1);
    CHECK(comparison.only_second() == 1);
    CHECK(comparison.failed_first() == 1);
    CHECK(comparison.failed_second() == 0);
    CHECK(comparison.changes() == std::array<std::size_t, 6>{1, 0, 0, 1, 0, 1});
    CHECK(comparison.changed_answers().size() == 2);
    CHECK(comparison.largest_score_change() == doctest::Approx(0.1));
    CHECK(comparison.largest_confidence_change() == doctest::Approx(0.05));
    const auto& at_half = comparison.detections()[2];
    CHECK(at_half.first == 3);
    CHECK(at_half.second == 2);
    CHECK(at_half.lost == 2);
    CHECK(at_half.gained == 1);
    // With a threshold of 0.8, the lion with 0.6 does not count.
    CHECK(comparison.detections()[3].lost == 1);

    CHECK(comparison.judge(Truth("file,label\nsame,plains zebra\nother,lion\nlost,unicorn\n")) ==
          std::vector<std::string>{"unicorn"});
    const auto& [first, second] = *comparison.accuracy();
    CHECK(first.verdicts == std::array<std::size_t, 3>{1, 0, 2});
    CHECK(second.verdicts == std::array<std::size_t, 3>{2, 0, 1});
    CHECK(first.calibration[8].photos == 3);
    CHECK(first.calibration[8].right == 1);
    CHECK(second.calibration[0].photos == 1);
}

}  // namespace speciesnet::cli
