// SPDX-License-Identifier: Apache-2.0
// Accessors and JSON give the same results.
#include "handles.hpp"

#include <array>
#include <cmath>
#include <cstring>

using namespace speciesnet::capi_test;

namespace {

constexpr const char* document = R"({"info": {"format_version": "20261015"}, "predictions": [
    {"filepath": "a.jpg", "country": "KEN", "latitude": -1.5, "detections": [
        {"category": "1", "label": "animal", "conf": 0.9, "bbox": [0.1, 0.2, 0.3, 0.4],
         "raw_classifications": {"classes": ["1;a;b;c;d;e;f", "2;a;b;c;d;g;h"],
                                 "scores": [0.75, 0.125],
                                 "target_classes": ["2;a;b;c;d;g;h"], "target_logits": [-2.5]},
         "processed_classification": {"class": "1;a;b;c;d;e;f", "score": 0.75,
                                      "source": "classifier"}},
        {"category": "3", "label": "vehicle", "conf": 0.05, "bbox": [0, 0, 1, 1]}],
     "model_version": "x"},
    {"filepath": "b.jpg", "failures": ["DETECTOR", "CLASSIFIER"]},
    {"filepath": "c.jpg", "detections": []}]})";

PredictionsHandle read(const std::string& text) {
    speciesnet_predictions* predictions = nullptr;
    speciesnet_error error;
    REQUIRE_MESSAGE(speciesnet_predictions_from_json(text.data(), text.size(), &predictions,
                                                     &error) == SPECIESNET_OK,
                    error.message);
    return PredictionsHandle(predictions);
}

std::string write(const speciesnet_predictions* predictions, std::int32_t format) {
    speciesnet_json_options options;
    speciesnet_json_options_init(&options, sizeof options);
    options.format = format;
    options.indent = 0;
    char* text = nullptr;
    std::size_t length = 0;
    REQUIRE(speciesnet_predictions_to_json(predictions, &options, &text, &length, nullptr) ==
            SPECIESNET_OK);
    CHECK(length == std::strlen(text));
    return take_text(text);
}

}  // namespace

TEST_CASE("a document's entries are read by accessors") {
    const auto list = read(document);
    REQUIRE(speciesnet_predictions_count(list.get()) == 3);
    const auto* first = speciesnet_predictions_at(list.get(), 0);
    CHECK(speciesnet_prediction_filepath(first) == std::string("a.jpg"));
    CHECK(speciesnet_prediction_model_version(first) == std::string("x"));
    CHECK(speciesnet_prediction_failures(first) == 0);

    speciesnet_location location;
    speciesnet_prediction_location(first, &location, sizeof location);
    CHECK(location.country == std::string("KEN"));
    CHECK(location.admin1_region == nullptr);
    CHECK(location.latitude == -1.5);
    CHECK(std::isnan(location.longitude));

    REQUIRE(speciesnet_prediction_detection_count(first) == 2);
    const auto* detections = speciesnet_prediction_detections(first);
    CHECK(detections[0].category == SPECIESNET_CATEGORY_ANIMAL);
    CHECK(detections[0].conf == 0.9);
    CHECK(detections[0].bbox[3] == 0.4);
    CHECK(detections[1].category == SPECIESNET_CATEGORY_VEHICLE);

    std::size_t count = 0;
    const auto* classes = speciesnet_prediction_classes(first, 0, &count);
    REQUIRE(count == 2);
    CHECK(classes[1].label == std::string("2;a;b;c;d;g;h"));
    CHECK(classes[1].score == 0.125);
    const auto* targets = speciesnet_prediction_targets(first, 0, &count);
    REQUIRE(count == 1);
    CHECK(targets[0].score == -2.5);
    CHECK(speciesnet_prediction_classes(first, 1, &count) == nullptr);
    CHECK(count == 0);

    const auto* answer = speciesnet_prediction_answer(first, 0);
    CHECK(speciesnet_answer_score(answer) == 0.75);
    CHECK(speciesnet_prediction_image_answer(first) == answer);
    CHECK(speciesnet_prediction_answer(first, 1) == nullptr);
}

TEST_CASE("a failed detector and an empty image are different") {
    const auto list = read(document);
    const auto* failed = speciesnet_predictions_at(list.get(), 1);
    CHECK(speciesnet_prediction_failures(failed) ==
          (SPECIESNET_FAILURE_DETECTOR | SPECIESNET_FAILURE_CLASSIFIER));
    CHECK(speciesnet_prediction_detections(failed) == nullptr);
    const auto* empty = speciesnet_predictions_at(list.get(), 2);
    CHECK(speciesnet_prediction_detections(empty) != nullptr);
    CHECK(speciesnet_prediction_detection_count(empty) == 0);
    CHECK(speciesnet_prediction_image_answer(empty) == nullptr);
}

TEST_CASE("indices beyond the end return nothing") {
    const auto list = read(document);
    CHECK(speciesnet_predictions_at(list.get(), 3) == nullptr);
    const auto* first = speciesnet_predictions_at(list.get(), 0);
    CHECK(speciesnet_prediction_answer(first, 2) == nullptr);
    CHECK(speciesnet_prediction_targets(first, 2, nullptr) == nullptr);
}

TEST_CASE("JSON written and read again is the same JSON, in both formats") {
    const auto list = read(document);
    const auto per_detection = write(list.get(), SPECIESNET_FORMAT_PER_DETECTION);
    CHECK(per_detection.find("processed_classification") != std::string::npos);
    CHECK(write(read(per_detection).get(), SPECIESNET_FORMAT_PER_DETECTION) == per_detection);
    const auto per_image = write(list.get(), SPECIESNET_FORMAT_PER_IMAGE);
    CHECK(per_image.find("prediction_source") != std::string::npos);
    CHECK(write(read(per_image).get(), SPECIESNET_FORMAT_PER_IMAGE) == per_image);
}

TEST_CASE("a detector run and a classifier run combine to predictions") {
    const auto detections = read(R"({"predictions": [{"filepath": "a.jpg", "detections": [
        {"category": "2", "label": "human", "conf": 0.8, "bbox": [0, 0, 1, 1]}]}]})");
    const auto classifications = read(R"({"predictions": [{"filepath": "a.jpg", "detections": [
        {"category": "2", "label": "human", "conf": 0.8, "bbox": [0, 0, 1, 1],
         "raw_classifications": {"classes": ["1;a;b;c;d;e;f"], "scores": [0.75]}}]}]})");
    speciesnet_rules* rules = nullptr;
    REQUIRE(speciesnet_rules_new("", 0, "{}", 2, 1, &rules, nullptr) == SPECIESNET_OK);
    const RulesHandle owner(rules);
    speciesnet_combine_options options;
    speciesnet_combine_options_init(&options, sizeof options);
    CHECK(options.max_classifications_per_detection == 2);
    options.model_version = "x";
    const std::array instances{file_instance("a.jpg"), file_instance("b.jpg")};
    speciesnet_predictions* combined = nullptr;
    REQUIRE(speciesnet_rules_combine_past_runs(rules, instances.data(), instances.size(),
                                               classifications.get(), detections.get(), &options,
                                               &combined, nullptr) == SPECIESNET_OK);
    const PredictionsHandle list(combined);
    REQUIRE(speciesnet_predictions_count(combined) == 2);
    const auto* first = speciesnet_predictions_at(combined, 0);
    CHECK(speciesnet_prediction_model_version(first) == std::string("x"));
    CHECK(short_name(speciesnet_prediction_image_answer(first)) == "homo_sapiens");
    CHECK(speciesnet_prediction_failures(speciesnet_predictions_at(combined, 1)) ==
          (SPECIESNET_FAILURE_DETECTOR | SPECIESNET_FAILURE_CLASSIFIER));
}

TEST_CASE("invalid documents are refused, each with its status") {
    speciesnet_predictions* predictions = nullptr;
    const auto status = [&](const std::string& text) {
        return speciesnet_predictions_from_json(text.data(), text.size(), &predictions, nullptr);
    };
    CHECK(status("{\"predictions\": [") == SPECIESNET_ERROR_JSON_SYNTAX);
    CHECK(status("{\"predictions\": 3}") == SPECIESNET_ERROR_JSON_CONTENT);
    CHECK(predictions == nullptr);
}

TEST_CASE("JSON options out of range are refused") {
    const auto list = read(document);
    const auto status = [&](std::int32_t speciesnet_json_options::*member, std::int32_t value) {
        speciesnet_json_options options;
        speciesnet_json_options_init(&options, sizeof options);
        options.*member = value;
        char* text = nullptr;
        const auto result =
            speciesnet_predictions_to_json(list.get(), &options, &text, nullptr, nullptr);
        speciesnet_text_free(text);
        return result;
    };
    CHECK(status(&speciesnet_json_options::decimals, 4) == SPECIESNET_OK);
    CHECK(status(&speciesnet_json_options::decimals, 18) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_json_options::indent, -1) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_json_options::format, 0) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(&speciesnet_json_options::stage, 4) == SPECIESNET_ERROR_INVALID_ARGUMENT);
}
