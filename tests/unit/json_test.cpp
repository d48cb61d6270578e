// SPDX-License-Identifier: Apache-2.0
// Reading and writing the reference's documents.
#include "speciesnet/json.hpp"

#include "speciesnet/error.hpp"

#include "text/json_writer.hpp"
#include "text/parsed_json.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

const JsonOptions one_line{.decimals = std::nullopt, .indent = 0};

/// Returns the code and the message of the error when reading.
template <typename Read>
std::pair<ErrorCode, std::string> error_of(const Read& read) {
    try {
        read();
    } catch (const Error& error) {
        return {error.code(), error.what()};
    }
    return {ErrorCode::internal, "no error"};
}

std::pair<ErrorCode, std::string> predictions_error(const std::string& document) {
    return error_of([&] { predictions_from_json(document); });
}

/// Returns the error for a document whose second prediction has these fields.
std::pair<ErrorCode, std::string> fields_error(const std::string& fields) {
    return predictions_error(R"({"predictions": [{"filepath": "a"}, {)" + fields + "}]}");
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string written(double number, std::optional<int> decimals = std::nullopt) {
    JsonWriter json(0, decimals);
    json.value(number);
    return json.text();
}

std::string written(std::string_view text) {
    JsonWriter json;
    json.value(text);
    return json.text();
}

const std::string per_detection =
    R"({"info":{"format_version":"20261015"},"predictions":[{)"
    R"("filepath":"a.jpg","failures":["GEOLOCATION"],)"
    R"("country":"USA","admin1_region":"CA","latitude":1.5,)"
    R"("longitude":-2.0,"detections":[)"
    R"({"category":"1","label":"animal","conf":0.9,)"
    R"("bbox":[0.1,0.2,0.3,0.4],)"
    R"("raw_classifications":{"classes":["x","y"],"scores":[0.6,0.1],)"
    R"("target_classes":["z"],"target_logits":[-1.25]},)"
    R"("processed_classification":{"class":"x","score":0.6,)"
    R"("source":"classifier"}},)"
    R"({"category":"2","label":"human","conf":0.05,)"
    R"("bbox":[0.0,0.0,1.0,1.0]}],"model_version":"1"}]})";

const std::string per_image = R"({"predictions":[{"filepath":"a.jpg","country":"KEN",)"
                              R"("classifications":{"classes":["x"],"scores":[0.6]},)"
                              R"("detections":[{"category":"1","label":"animal","conf":0.9,)"
                              R"("bbox":[0.1,0.2,0.3,0.4]}],"prediction":"x",)"
                              R"("prediction_score":0.6,"prediction_source":"classifier",)"
                              R"("model_version":"1"}]})";

}  // namespace

TEST_CASE("per detection: what was written is read back, and the other way round") {
    const auto predictions = predictions_from_json(per_detection);
    REQUIRE(predictions.size() == 1);
    const auto& prediction = predictions.front();
    CHECK(prediction.filepath == "a.jpg");
    CHECK(prediction.failures == Failures{.geolocation = true});
    CHECK(prediction.location ==
          Location{.country = "USA", .admin1_region = "CA", .latitude = 1.5, .longitude = -2});
    CHECK(prediction.model_version == "1");
    REQUIRE(prediction.detections->size() == 2);
    const auto& first = prediction.detections->front();
    CHECK(first.detection == Detection{Category::animal, 0.9, {0.1, 0.2, 0.3, 0.4}});
    CHECK(first.classification == Classification{.classes = {"x", "y"},
                                                 .scores = {0.6, 0.1},
                                                 .target_classes = {{"z"}},
                                                 .target_logits = {{-1.25}}});
    CHECK(first.answer == Answer{.label = "x", .score = 0.6, .source = "classifier"});
    CHECK_FALSE(prediction.detections->back().classification);
    CHECK(to_json(predictions, one_line) == per_detection);
}

TEST_CASE("per image: the image's classification precedes the detector's entries") {
    const auto predictions = predictions_from_json(per_image);
    const auto& detections = *predictions.at(0).detections;
    REQUIRE(detections.size() == 2);
    CHECK(detections[0].detection == whole_image_detection());
    CHECK(detections[0].classification);
    CHECK(detections[0].answer->label == "x");
    CHECK(detections[1].detection.conf == 0.9);
    auto options = one_line;
    options.format = ResultFormat::per_image;
    CHECK(to_json(predictions, options) == per_image);
}

TEST_CASE("per image: a failed detector has no list of detections, an empty result an empty list") {
    Prediction prediction{.filepath = "a",
                          .failures = {},
                          .failure_reason = {},
                          .location = {},
                          .detections = {{{.detection = whole_image_detection(),
                                           .classification = {{.classes = {"x"}, .scores = {1}}}}}},
                          .model_version = {}};
    auto options = one_line;
    options.format = ResultFormat::per_image;
    CHECK(contains(to_json(prediction, options), R"("detections":[])"));
    prediction.failures.detector = true;
    CHECK_FALSE(contains(to_json(prediction, options), "detections"));
    CHECK(contains(to_json(prediction, options), "classifications"));
}

TEST_CASE("a document written prediction by prediction equals the one written at once") {
    const auto predictions = predictions_from_json(
        R"({"predictions": [{"filepath": "a", "detections": []}, {"filepath": "b"}]})");
    for (const int indent : {0, 1}) {
        const JsonOptions options{.decimals = 4, .indent = indent};
        PredictionsWriter writer(options);
        std::string text = writer.take();
        for (const auto& prediction : predictions) {
            writer.add(prediction);
            text += writer.take();
        }
        writer.end();
        CHECK(text + writer.take() == to_json(predictions, options));
    }
}

TEST_CASE("a single prediction is read as it is from a document") {
    const auto prediction = predictions_from_json(per_detection).front();
    CHECK(prediction_from_json(to_json(prediction, one_line)) == prediction);
    CHECK(error_of([] { prediction_from_json(R"({"failures": []})"); }).second ==
          "the document has no \"filepath\"");
}

TEST_CASE("predictions before an invalid one are received") {
    std::vector<std::string> received;
    CHECK_THROWS_AS(predictions_from_json(
                        R"({"predictions": [{"filepath": "a"}, {}]})",
                        [&](Prediction&& prediction) { received.push_back(prediction.filepath); }),
                    InvalidArgument);
    CHECK(received == std::vector<std::string>{"a"});
}

TEST_CASE("the reason of a failure is written only on request, and always read") {
    const Prediction prediction{.filepath = "a",
                                .failures = {.detector = true},
                                .failure_reason = "no such file",
                                .location = {},
                                .detections = {},
                                .model_version = {}};
    auto options = one_line;
    CHECK_FALSE(contains(to_json(prediction, options), "no such file"));
    options.failure_reasons = true;
    CHECK(prediction_from_json(to_json(prediction, options)) == prediction);
}

TEST_CASE("only truncated photos are marked, in every stage and format") {
    const auto whole = predictions_from_json(per_detection);
    auto cut_short = whole;
    cut_short[0].truncated = true;
    for (const auto stage : {Stage::ensemble, Stage::detector, Stage::classifier}) {
        for (const auto format : {ResultFormat::per_detection, ResultFormat::per_image}) {
            auto options = one_line;
            options.stage = stage;
            options.format = format;
            auto expected = to_json(whole, options);
            CHECK_FALSE(contains(expected, "truncated"));
            expected.insert(expected.size() - 3, R"(,"truncated":true)");
            CHECK(to_json(cut_short, options) == expected);
            CHECK(predictions_from_json(expected).at(0).truncated);
        }
    }
}

TEST_CASE("elements that are read one by one name their model, if requested") {
    auto options = one_line;
    options.stage = Stage::detector;
    options.model = "SpeciesNet 1";
    CHECK(contains(to_json(predictions_from_json(per_detection)[0], options),
                   R"("model":"SpeciesNet 1"})"));
}

TEST_CASE("each stage writes its own fields") {
    auto predictions = predictions_from_json(per_detection);
    predictions[0].failures = {.classifier = true, .detector = true};
    auto options = one_line;
    options.stage = Stage::detector;
    const auto detector = to_json(predictions, options);
    CHECK(contains(detector, R"("failures":["DETECTOR"])"));
    CHECK(contains(detector, R"("conf":0.9)"));
    for (const auto* absent : {"raw_classifications", "processed", "country", "model_version"}) {
        CHECK_FALSE(contains(detector, absent));
    }
    options.stage = Stage::classifier;
    CHECK_FALSE(contains(to_json(predictions, options), "detections"));
    predictions[0].failures = {};
    const auto classifier = to_json(predictions, options);
    CHECK(contains(classifier, "raw_classifications"));
    for (const auto* absent : {"failures", "processed", "country", "model_version"}) {
        CHECK_FALSE(contains(classifier, absent));
    }
}

TEST_CASE("unknown and empty results are distinguished") {
    const auto predictions = predictions_from_json(
        R"({"predictions": [{"filepath": "a"}, {"filepath": "b", "detections": []}]})");
    CHECK_FALSE(predictions.at(0).detections);
    REQUIRE(predictions.at(1).detections);
    CHECK(predictions[1].detections->empty());
}

TEST_CASE("instances are read with the known parts of their location") {
    const auto instances = instances_from_json(
        R"({"instances": [{"filepath": "a.jpg", "country": "KEN", "latitude": 1, "longitude": 36.8},
            {"filepath": "b.jpg", "country": null, "comment": [{"x": [1, "2", true, null]}]}]})");
    REQUIRE(instances.size() == 2);
    CHECK(instances[0] ==
          Instance{"a.jpg",
                   {.country = "KEN", .admin1_region = {}, .latitude = 1, .longitude = 36.8}});
    CHECK(instances[1] == Instance{"b.jpg", {}});
}

TEST_CASE("an explanation follows its answer and is read back") {
    auto predictions = predictions_from_json(per_detection);
    auto& explanation = (*predictions[0].detections)[0].explanation.emplace();
    explanation = {
        .rule = "4a",
        .reason = "because",
        .detection_category = Category::vehicle,
        .detection_conf = 0.25,
        .classes = {"t", "u"},
        .scores = {0.875, 0.125},
        .top_class_blocked_by = GeofenceRule::region_blocked,
        .top_class_blocked_by_entry = "a;b;c;d;e",
        .rollup = {{.level = TaxonomyLevel::class_,
                    .threshold = 0.5,
                    .sums = {{"p", 0.75, GeofenceRule::country_not_allowed, "a;;;;"}, {"q", 0.5}},
                    .reached = true}}};
    const auto text = to_json(predictions, one_line);
    CHECK(contains(text, R"("source":"classifier"},"explanation":{"rule":"4a","reason":"because",)"
                         R"("detection":{"category":"3","label":"vehicle","conf":0.25},)"
                         R"("classes":["t","u"],"scores":[0.875,0.125],)"
                         R"("top_class_blocked_by":"region_blocked",)"
                         R"("top_class_blocked_by_entry":"a;b;c;d;e",)"
                         R"("rollup":[{"level":"class","threshold":0.5,"reached":true,"sums":[)"
                         R"({"class":"p","score":0.75,"blocked_by":"country_not_allowed",)"
                         R"("blocked_by_entry":"a;;;;"},)"
                         R"({"class":"q","score":0.5}]}]})"));
    CHECK(predictions_from_json(text) == predictions);
}

TEST_CASE("an error of structure names the entry and the field") {
    const auto check = [](const std::string& fields, std::string_view place,
                          std::string_view what) {
        const auto error = fields_error(fields);
        const auto& message = error.second;
        CAPTURE(message);
        CHECK(error.first == ErrorCode::json_content);
        CHECK(contains(message, place));
        CHECK(contains(message, what));
    };
    check(R"("country": "KEN")", "predictions[1]", "has no \"filepath\"");
    check(R"("filepath": 1)", "predictions[1].filepath", "is not a string");
    check(R"("filepath": null)", "predictions[1].filepath", "is not a string");
    check(R"("filepath": "b", "filepath": "c")", "predictions[1].filepath", "appears twice");
    check(R"("filepath": "b", "latitude": "1")", "predictions[1].latitude", "is not a number");
    check(R"("filepath": "b", "latitude": 1e999)", "predictions[1].latitude", "fits");
    check(R"("filepath": "b", "failures": ["WEATHER"])", "predictions[1].failures[0]", "WEATHER");
    check(R"("filepath": "b", "detections": {})", "predictions[1].detections", "is not a list");
    check(R"("filepath": "b", "detections": [{"category": "1", "conf": 1}])",
          "predictions[1].detections[0]", "has no \"bbox\"");
    check(R"("filepath": "b", "detections": [{"category": "4", "conf": 1, "bbox": [0,0,1,1]}])",
          "predictions[1].detections[0].category", "\"4\"");
    check(R"("filepath": "b", "detections": [{"category": 1, "conf": 1, "bbox": [0,0,1,1]}])",
          "predictions[1].detections[0].category", "is not a string");
    check(R"("filepath": "b", "detections": [{"category": "1", "label": "human", "conf": 1,
             "bbox": [0,0,1,1]}])",
          "predictions[1].detections[0]", "label");
    check(R"("filepath": "b", "detections": [{"category": "1", "conf": 1, "bbox": [0,0,1]}])",
          "predictions[1].detections[0].bbox", "3 numbers");
    check(R"("filepath": "b", "classifications": {"classes": ["x"], "scores": []})",
          "predictions[1].classifications", "1 classes and 0 scores");
    check(R"("filepath": "b", "classifications": {"classes": [], "scores": [],
             "target_classes": ["x"]})",
          "predictions[1].classifications", "target_logits");
    check(R"("filepath": "b", "comment": )" + std::string(100, '[') + std::string(100, ']'),
          "predictions[1].comment[0][0]", "nested too deeply");
    CHECK(predictions_error("[]").first == ErrorCode::json_content);
    CHECK(predictions_error("1").first == ErrorCode::json_content);
    CHECK(contains(predictions_error("{}").second, "\"predictions\""));
    CHECK(contains(error_of([] { instances_from_json(R"({"instances": [{}]})"); }).second,
                   "instances[0]"));
}

TEST_CASE("invalid JSON is refused anywhere in a document") {
    for (const std::string document :
         {"", " ", "{", R"({"predictions": [})", R"({"predictions": []} x)",
          R"({"predictions": []}})", R"({"predictions": [], "x": tru})",
          R"({"predictions": [], "x": nul})", R"({"predictions": [], "x": @})",
          R"({"predictions": [], "x": "\q"})", R"({"predictions": [], "x": [1 2]})",
          R"({"predictions": [,]})", R"({"predictions" []})", R"({"predictions": [], "\ud800": 1})",
          R"({"predictions": [], "x": "\u12g4"})", "{\"predictions\": [], \"x\": \"\n\"}",
          "{\"predictions\": [], \"x\": \"\xff\"}", R"({"predictions": [], "x": "open)",
          R"({"predictions": [], x: 1})"}) {
        CAPTURE(document);
        CHECK(predictions_error(document).first == ErrorCode::json_syntax);
    }
}

TEST_CASE("numbers are written as Python writes them") {
    CHECK(written(1.0) == "1.0");
    CHECK(written(0.0) == "0.0");
    CHECK(written(-0.0) == "-0.0");
    CHECK(written(0.1) == "0.1");
    CHECK(written(0.1F) == "0.10000000149011612");
    CHECK(written(0.0001) == "0.0001");
    CHECK(written(0.00001) == "1e-05");
    CHECK(written(1.5e-7) == "1.5e-07");
    CHECK(written(1e15) == "1000000000000000.0");
    CHECK(written(1e16) == "1e+16");
    CHECK(written(-1.25e300) == "-1.25e+300");
    CHECK(written(std::numeric_limits<double>::denorm_min()) == "5e-324");
    CHECK(written(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
}

TEST_CASE("decimals are rounded as Python's round() does: the exact value, halves to even") {
    CHECK(written(0.95495009, 4) == "0.955");
    CHECK(written(0.00005, 4) == "0.0001");  // slightly more than half
    CHECK(written(0.00015, 4) == "0.0001");  // slightly less than half
    CHECK(written(0.125, 2) == "0.12");
    CHECK(written(0.375, 2) == "0.38");
    CHECK(written(2.5, 0) == "2.0");
    CHECK(written(-0.00001, 4) == "-0.0");
    CHECK(written(1e300, 4) == "1e+300");
    CHECK_THROWS_AS(JsonWriter(0, 18), InvalidArgument);
    CHECK_THROWS_AS(JsonWriter(0, -1), InvalidArgument);
    CHECK_THROWS_AS(JsonWriter(-1), InvalidArgument);
}

TEST_CASE("a number that is not finite is written as null, and null is read as NaN") {
    CHECK(written(std::numeric_limits<double>::quiet_NaN()) == "null");
    CHECK(written(std::numeric_limits<double>::infinity()) == "null");
    const auto predictions = predictions_from_json(
        R"({"predictions": [{"filepath": "a", "detections":
            [{"category": "1", "conf": null, "bbox": [0, 0, 1, 1]}]}]})");
    CHECK(std::isnan(predictions.at(0).detections->at(0).detection.conf));
}

TEST_CASE("text is escaped as Python escapes it, and letters of all scripts stay") {
    CHECK(written("a\"b\\c/d") == R"("a\"b\\c/d")");
    CHECK(written("\b\f\n\r\t") == R"("\b\f\n\r\t")");
    CHECK(written(std::string_view("\0\x1f\x7f", 3)) == "\"\\u0000\\u001f\x7f\"");
    CHECK(written("ñandú 鹿 🦌") == "\"ñandú 鹿 🦌\"");
}

TEST_CASE("a path of any bytes is read back as it was") {
    Prediction prediction;
    for (const std::string path :
         {"caf\xe9.jpg", "\xff\xfe", "\xc3", "\xed\xb2\x80", "\xf0\x9f\xa6", "\xc0\xaf",
          "\xf4\x90\x80\x80", "é\x80é", "🦌\xe2\x82", "\xe0\x80\x80"}) {
        prediction.filepath = path;
        const auto text = to_json(std::span(&prediction, 1));
        CHECK(predictions_from_json(text).at(0).filepath == path);
    }
    CHECK(written("caf\xe9") == R"("caf\udce9")");
}

TEST_CASE("bytes that are not UTF-8 can be replaced, for readers that refuse lone surrogates") {
    JsonWriter json(0, std::nullopt, JsonWriter::BrokenText::replace);
    json.value("caf\xe9 \xff\xfe é🦌\"");
    CHECK(json.text() == "\"caf\ufffd \ufffd\ufffd é🦌\\\"\"");
}

TEST_CASE("escapes of other writers are decoded") {
    const auto path_of = [](const std::string& escaped) {
        return instances_from_json(R"({"instances": [{"filep\u0061th": ")" + escaped + "\"}]}")
            .at(0)
            .filepath;
    };
    CHECK(path_of(R"(\u00e9\u9e7f\ud83e\udd8c\/\"\\)") == "é鹿🦌/\"\\");
    CHECK(path_of(R"(caf\udce9)") == "caf\xe9");
    for (const auto* half :
         {R"(\ud83e)", R"(\ud83e\u0041)", R"(\udd8c)", R"(\udc7f)", R"(\udd00)"}) {
        CHECK(error_of([&] { path_of(half); }).first == ErrorCode::json_syntax);
    }
}

TEST_CASE("a document in memory has few levels, so that it can be freed without allocating") {
    const auto nested = [](int levels) {
        return std::string(static_cast<std::size_t>(levels), '[') +
               std::string(static_cast<std::size_t>(levels), ']');
    };
    CHECK(ParsedJson::parse(nested(ParsedJson::most_levels)).has_value());
    CHECK_FALSE(ParsedJson::parse(nested(ParsedJson::most_levels + 1)).has_value());
    CHECK_FALSE(ParsedJson::parse("{").has_value());
    // Brackets inside texts do not count.
    const auto parsed = ParsedJson::parse("{\"" + nested(100) + R"(\"[": [1, {"a": null}]})");
    REQUIRE(parsed.has_value());
    CHECK((*parsed)->begin().value().at(0) == 1);
}

TEST_CASE("indentation is Python's") {
    JsonWriter json(1);
    json.begin_object();
    json.key("a").begin_array().value(1.0).value(true).null().end_array();
    json.key("b").begin_object().end_object();
    json.key("c").begin_array().end_array();
    json.key("d").value(std::size_t{3});
    json.end_object();
    CHECK(json.text() ==
          "{\n \"a\": [\n  1.0,\n  true,\n  null\n ],\n \"b\": {},\n \"c\": [],\n \"d\": 3\n}");
}
