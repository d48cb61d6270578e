// SPDX-License-Identifier: Apache-2.0
// The answers of a photo, from results in either format and from any stage.
#include "results/photo_answers.hpp"

#include "speciesnet/taxonomy.hpp"

#include <string>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

const std::string zebra = "u;mammalia;perissodactyla;equidae;equus;quagga;plains zebra";
const std::string equids = "u;mammalia;perissodactyla;equidae;;;";

ClassifiedDetection entry(double conf, const std::string& label, double score) {
    return {.detection = {Category::animal, conf, {}},
            .classification = std::nullopt,
            .answer = Answer{label, score, "classifier"},
            .explanation = std::nullopt};
}

Prediction photo(std::vector<ClassifiedDetection> entries) {
    Prediction prediction;
    prediction.detections = std::move(entries);
    return prediction;
}

}  // namespace

TEST_CASE("an animal is shown with its common or scientific name, or the only known one") {
    CHECK(display_name(zebra, Names::common) == "plains zebra");
    CHECK(display_name(zebra, Names::scientific) == "Equus quagga");
    CHECK(display_name(equids, Names::common) == "Equidae");
    CHECK(display_name(labels::animal, Names::scientific) == "animal");
    CHECK(display_name(labels::blank, Names::scientific) == "blank");
    CHECK(display_name(labels::unknown, Names::scientific) == "no cv result");
    CHECK(display_name("no label", Names::common) == "no label");
}

TEST_CASE("the same animal twice is one answer with the better score") {
    const auto answers = answers_of(photo({entry(0.9, zebra, 0.7), entry(0.8, zebra, 0.9)}), 0.2);
    CHECK(answers == std::vector<PhotoAnswer>{{zebra, 0.9, 2}});
}

TEST_CASE("detections below the threshold do not count") {
    CHECK(answers_of(photo({entry(0.19, zebra, 0.9)}), 0.2) ==
          std::vector<PhotoAnswer>{{std::string(labels::blank), 0, 0}});
    CHECK(answers_of(photo({entry(0.2, zebra, 0.9)}), 0.2)[0].label == zebra);
}

TEST_CASE("blank counts alone, not beside an animal; the best answer comes first") {
    const auto blank = std::string(labels::blank);
    CHECK(answers_of(photo({entry(0.3, blank, 0.99)}), 0.2)[0].label == blank);
    const auto mixed = answers_of(
        photo({entry(0.9, equids, 0.6), entry(0.3, blank, 0.99), entry(0.5, zebra, 0.8)}), 0.2);
    REQUIRE(mixed.size() == 2);
    CHECK(mixed[0].label == zebra);
    CHECK(mixed[1].label == equids);
}

TEST_CASE("a detector's results count by category") {
    Prediction prediction;
    prediction.detections = {{.detection = {Category::vehicle, 0.8, {}},
                              .classification = std::nullopt,
                              .answer = std::nullopt,
                              .explanation = std::nullopt}};
    CHECK(answers_of(prediction, 0.2) ==
          std::vector<PhotoAnswer>{{std::string(labels::vehicle), 0.8, 1}});
}

TEST_CASE("a person without a classification is a human") {
    auto person = entry(0.9, std::string(labels::unknown), 0.4);
    CHECK(shown_label(person) == labels::unknown);
    person.detection.category = Category::human;
    CHECK(shown_label(person) == labels::human);
    CHECK(answers_of(photo({person}), 0.2)[0].label == labels::human);
    person.answer->label = zebra;
    CHECK(shown_label(person) == zebra);
}

TEST_CASE("the single answer for a table is the first that counts") {
    const auto one = [](std::vector<ClassifiedDetection> entries) {
        return photo_answer(photo(std::move(entries)), 0.2);
    };
    const auto blank = std::string(labels::blank);
    CHECK(one({entry(0.9, equids, 0.6), entry(0.5, zebra, 0.8)})->label == equids);
    CHECK(one({entry(0.9, blank, 0.6), entry(0.5, zebra, 0.8)})->label == zebra);
    CHECK(one({entry(0.19, zebra, 0.8)}) == Answer{blank, 0, "detector"});
    CHECK(one({}) == Answer{blank, 0, "detector"});
    CHECK(one({entry(0.9, zebra, 0.6)}) == Answer{zebra, 0.6, "classifier"});
    Prediction failed;
    failed.failures.detector = true;
    CHECK_FALSE(photo_answer(failed, 0.2));
}

TEST_CASE("a failed photo has no answer but a reason") {
    Prediction failed;
    failed.failures.detector = true;
    failed.failures.classifier = true;
    failed.failure_reason = "cannot decode";
    CHECK(answers_of(failed, 0.2).empty());
    CHECK(failure_text(failed) == "CLASSIFIER, DETECTOR: cannot decode");
    CHECK(failure_text(photo({})).empty());
}

TEST_CASE("people are recognised by any of their labels") {
    CHECK(is_human(labels::human));
    CHECK(is_human("other;mammalia;primates;hominidae;homo;sapiens;person"));
    CHECK_FALSE(is_human(zebra));
    CHECK_FALSE(is_human("human"));
}

TEST_CASE("a score of NaN is shown as such") {
    CHECK(two_decimals(0.987) == "0.99");
    CHECK(two_decimals(0.0 / 0.0) == "?");
}

}  // namespace speciesnet::cli
