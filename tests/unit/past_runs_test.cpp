// SPDX-License-Identifier: Apache-2.0
// Combining the results of earlier runs.
#include "speciesnet/past_runs.hpp"

#include "speciesnet/error.hpp"

#include <array>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

const std::string lion = "1;mammalia;carnivora;felidae;panthera;leo;lion";
const std::string zebra = "2;mammalia;perissodactyla;equidae;equus;quagga;zebra";
const std::string human(labels::human);

const Rules& rules() {
    static const Rules small(Taxonomy::parse(""), Geofence::parse("{}"));
    return small;
}

Classification classified(const std::string& label, double score) {
    return {.classes = {label, zebra, zebra},
            .scores = {score, 0.01, 0.001},
            .target_classes = {},
            .target_logits = {}};
}

Detection detected(Category category, double conf, double xmin = 0.5) {
    return {.category = category, .conf = conf, .bbox = {xmin, 0.25, 0.1, 0.2}};
}

Prediction prediction(const std::string& file, std::vector<ClassifiedDetection> detections) {
    Prediction result;
    result.filepath = file;
    result.detections = std::move(detections);
    return result;
}

Prediction failed(const std::string& file, Failures failures) {
    Prediction result;
    result.filepath = file;
    result.failures = failures;
    return result;
}

ClassifiedDetection plain(const Detection& detection) {
    return {.detection = detection};
}

ClassifiedDetection with(const Detection& detection, Classification classification) {
    return {.detection = detection, .classification = std::move(classification)};
}

/// Returns the prediction for one image "a" at an unknown location.
Prediction combined(const std::vector<Prediction>& classifications,
                    const std::vector<Prediction>& detections, const CombineOptions& options = {}) {
    const std::array instances{Instance{"a", {}}};
    return combine_past_runs(rules(), instances, classifications, detections, options).at(0);
}

std::string message_of(const std::vector<Prediction>& classifications,
                       const std::vector<Prediction>& detections) {
    try {
        combined(classifications, detections);
    } catch (const InvalidArgument& error) {
        return error.what();
    }
    return "no error";
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each classified detection has its own answer, the others have none") {
    const auto animal = detected(Category::animal, 0.9);
    const auto person = detected(Category::human, 0.3);
    const auto far = detected(Category::animal, 0.05);
    const auto result = combined(
        {prediction("a", {with(animal, classified(lion, 0.9)), with(person, classified(human, 0.6)),
                          plain(far)})},
        {prediction("a", {plain(animal), plain(person), plain(far)})}, {.model_version = "1"});
    CHECK_FALSE(result.failures.any());
    CHECK(result.failure_reason.empty());
    CHECK(result.model_version == "1");
    REQUIRE(result.detections->size() == 3);
    CHECK(result.detections->at(0).answer ==
          Answer{.label = lion, .score = 0.9, .source = "classifier"});
    CHECK(result.detections->at(1).answer ==
          Answer{.label = human, .score = 0.6, .source = "classifier"});
    CHECK(result.detections->at(2) == plain(far));
}

TEST_CASE("the answer for an image is that of its first classified detection") {
    const auto far = detected(Category::animal, 0.95);
    const auto animal = detected(Category::animal, 0.9);
    const auto person = detected(Category::human, 0.3);
    const auto result = combined({prediction("a", {plain(far), with(animal, classified(lion, 0.9)),
                                                   with(person, classified(human, 0.6))})},
                                 {prediction("a", {plain(far), plain(animal), plain(person)})});
    CHECK(image_answer(result) == &result.detections->at(1));
    CHECK(image_answer(prediction("a", {plain(far)})) == nullptr);
    CHECK(image_answer(failed("a", {.detector = true})) == nullptr);
}

TEST_CASE("a whole image is decided with the top detection and listed first") {
    const auto person = detected(Category::human, 0.8);
    const auto result =
        combined({prediction("a", {with(whole_image_detection(), classified(lion, 0.9))})},
                 {prediction("a", {plain(person), plain(detected(Category::animal, 0.5))})});
    REQUIRE(result.detections->size() == 3);
    CHECK(result.detections->at(0).detection == whole_image_detection());
    CHECK(result.detections->at(0).answer ==
          Answer{.label = human, .score = 0.8, .source = "detector"});
    CHECK(result.detections->at(1) == plain(person));
}

TEST_CASE("a whole image without detections counts as an animal with confidence 0") {
    const auto result = combined(
        {prediction("a",
                    {with(whole_image_detection(), classified(std::string(labels::blank), 0.6))})},
        {prediction("a", {})}, {.explain = true});
    REQUIRE(result.detections->size() == 1);
    CHECK(result.detections->at(0).answer->label == labels::blank);
    CHECK(result.detections->at(0).explanation->detection_category == Category::animal);
    CHECK(result.detections->at(0).explanation->detection_conf == 0);
}

TEST_CASE("the requested number of classes is reported, but five decide") {
    const auto animal = detected(Category::animal, 0.9);
    const auto of = [&](std::optional<std::size_t> maximum) {
        const auto result = combined({prediction("a", {with(animal, classified(lion, 0.9))})},
                                     {prediction("a", {plain(animal)})},
                                     {.max_classifications_per_detection = maximum});
        CHECK(result.detections->at(0).answer->label == lion);
        CHECK(result.detections->at(0).classification->scores.size() ==
              result.detections->at(0).classification->classes.size());
        return result.detections->at(0).classification->classes.size();
    };
    CHECK(of(0) == 0);
    CHECK(of(2) == 2);
    CHECK(of(9) == 3);
    CHECK(of(std::nullopt) == 3);
}

TEST_CASE("a component without a result has failed, and the other one's result is kept") {
    const auto animal = detected(Category::animal, 0.9);
    const auto no_classifier = combined({}, {prediction("a", {plain(animal)})});
    CHECK(no_classifier.failures == Failures{.classifier = true});
    CHECK(no_classifier.detections == std::vector{plain(animal)});
    CHECK(contains(no_classifier.failure_reason, "classifications"));

    const auto no_detector = combined({prediction("a", {with(animal, classified(lion, 0.9))})}, {});
    CHECK(no_detector.failures == Failures{.detector = true});
    CHECK_FALSE(no_detector.detections);

    const auto whole_image =
        combined({prediction("a", {with(whole_image_detection(), classified(lion, 0.9))})},
                 {failed("a", {.detector = true})});
    CHECK(whole_image.failures == Failures{.detector = true});
    REQUIRE(whole_image.detections->size() == 1);
    CHECK_FALSE(whole_image.detections->at(0).answer);
    CHECK(whole_image.detections->at(0).classification);

    CHECK(combined({}, {}).failures == Failures{.classifier = true, .detector = true});
}

TEST_CASE("answers of the earlier run are ignored") {
    const auto animal = detected(Category::animal, 0.9);
    auto old = with(animal, classified(lion, 0.9));
    old.answer = Answer{.label = zebra, .score = 1, .source = "x"};
    old.explanation.emplace();
    const auto result = combined({prediction("a", {old})}, {prediction("a", {plain(animal)})});
    CHECK(result.detections->at(0).answer->label == lion);
    CHECK_FALSE(result.detections->at(0).explanation);
    auto whole = with(whole_image_detection(), classified(lion, 0.9));
    whole.answer = old.answer;
    CHECK_FALSE(combined({prediction("a", {whole})}, {}).detections->at(0).answer);
}

TEST_CASE("explanations are given if requested") {
    const auto animal = detected(Category::animal, 0.9);
    const auto result = combined({prediction("a", {with(animal, classified(lion, 0.9))})},
                                 {prediction("a", {plain(animal)})}, {.explain = true});
    CHECK(result.detections->at(0).explanation->rule == "4a");
}

TEST_CASE("classifications of other detections are refused: category and box count, within 1e-4") {
    const auto animal = detected(Category::animal, 0.9);
    const auto message = [&](const Detection& other) {
        return message_of({prediction("a", {with(other, classified(lion, 0.9))})},
                          {prediction("a", {plain(animal)})});
    };
    CHECK(message(animal) == "no error");
    CHECK(message(detected(Category::animal, 0.1)) == "no error");
    CHECK(message(detected(Category::animal, 0.9, 0.50009)) == "no error");
    CHECK(contains(message(detected(Category::animal, 0.9, 0.50011)), "\"a\""));
    CHECK(contains(message(detected(Category::human, 0.9)), "other detections"));
    CHECK(contains(message_of({prediction("a", {})}, {prediction("a", {plain(animal)})}),
                   "other detections"));
    for (const auto edge :
         {&BoundingBox::xmin, &BoundingBox::ymin, &BoundingBox::width, &BoundingBox::height}) {
        auto other = animal;
        other.bbox.*edge += 0.001;
        CHECK(contains(message(other), "other detections"));
    }
}

TEST_CASE("results of other images, and empty ones, are refused") {
    CHECK(contains(message_of({prediction("b", {})}, {}), "\"b\""));
    CHECK(contains(message_of({}, {prediction("b", {})}), "not among the instances"));
    CHECK(contains(message_of({failed("a", {})}, {}), "neither"));
}

TEST_CASE("the last result without failures counts if an image has several") {
    const auto animal = detected(Category::animal, 0.9);
    const auto result = combined(
        {prediction("a", {with(animal, classified(zebra, 0.9))}),
         prediction("a", {with(animal, classified(lion, 0.9))}), failed("a", {.classifier = true})},
        {prediction("a", {plain(animal)})});
    CHECK(result.detections->at(0).answer->label == lion);
}

TEST_CASE("predictions have the order and locations of the instances, which must be well-formed") {
    std::array instances{Instance{"b", {.country = "KEN"}}, Instance{"a", {.country = "USA"}}};
    const auto results = combine_past_runs(rules(), instances, {}, {});
    REQUIRE(results.size() == 2);
    CHECK(results[0].filepath == "b");
    CHECK(results[0].location.country == "KEN");
    CHECK(results[1].filepath == "a");
    instances[1].location.country = "Nowhere";
    CHECK_THROWS_AS(combine_past_runs(rules(), instances, {}, {}), InvalidArgument);
}
