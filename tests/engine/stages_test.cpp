// SPDX-License-Identifier: Apache-2.0
// Batches run exactly the stages for which components are loaded and detections are not given.
#include "speciesnet/speciesnet.hpp"

#include "demo_photos.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// Enough to verify the order.
std::vector<Instance> photos() {
    auto instances = demo_photos();
    instances.resize(3);
    return instances;
}

std::vector<Prediction> run(Components components, const std::vector<Instance>& instances,
                            const PredictOptions& options = {}) {
    return Ensemble::load("demo", {.components = components}).predict(instances, options);
}

std::vector<Detection> detections_of(const Prediction& prediction) {
    std::vector<Detection> detections;
    for (const auto& entry : prediction.detections.value()) {
        detections.push_back(entry.detection);
    }
    return detections;
}

/// Returns the sample photos with the detector's results.
std::vector<Instance> detected_photos() {
    auto instances = photos();
    const auto predictions = run(Components::detector, instances);
    for (std::size_t index = 0; index < instances.size(); ++index) {
        instances[index].detections = detections_of(predictions[index]);
    }
    return instances;
}

}  // namespace

TEST_CASE("the detector alone gives the detections of all components, and nothing more") {
    const auto alone = run(Components::detector, photos());
    const auto together = run(Components::all, photos());
    for (std::size_t index = 0; index < alone.size(); ++index) {
        CHECK(detections_of(alone[index]) == detections_of(together[index]));
        CHECK(alone[index].model_version.empty());
        for (const auto& entry : *alone[index].detections) {
            CHECK_FALSE(entry.classification);
        }
    }
}

TEST_CASE("the classifier alone, on given detections, gives the classes of all components") {
    const PredictOptions all_classes{.max_classifications_per_detection = classes_for_ensemble};
    const auto alone = run(Components::classifier, detected_photos(), all_classes);
    auto together = run(Components::all, photos(), all_classes);
    for (std::size_t index = 0; index < alone.size(); ++index) {
        CHECK(alone[index].model_version.empty());
        for (auto& entry : *together[index].detections) {
            entry.answer.reset();
        }
        CHECK(alone[index].detections == together[index].detections);
    }
}

TEST_CASE("the classifier alone reports at least the classes that the rules need") {
    const auto alone =
        run(Components::classifier, detected_photos(), {.max_classifications_per_detection = 1});
    for (const auto& prediction : alone) {
        for (const auto& entry : *prediction.detections) {
            CHECK((!entry.classification ||
                   entry.classification->classes.size() == classes_for_ensemble));
        }
    }
}

TEST_CASE("the classifier alone fails without detections, unless it classifies whole images") {
    const auto per_detection = run(Components::classifier, photos());
    CHECK(per_detection.front().failures == Failures{.classifier = true});
    CHECK_FALSE(per_detection.front().failure_reason.empty());
    const auto per_image =
        run(Components::classifier, photos(), {.format = ResultFormat::per_image});
    CHECK_FALSE(per_image.front().failures.any());
    CHECK(per_image.front().detections->front().detection == whole_image_detection());
    CHECK(per_image.front().detections->front().classification);
}

TEST_CASE("a photo with nothing to classify is not read") {
    const std::vector<Instance> missing{
        {.filepath = "missing.jpg", .location = {}, .detections = std::vector<Detection>{}}};
    const auto predictions = run(Components::classifier, missing);
    CHECK_FALSE(predictions.front().failures.any());
    CHECK(predictions.front().detections->empty());
}

TEST_CASE("a photo that cannot be read fails in the components that needed it") {
    const std::vector<Instance> missing{{.filepath = "missing.jpg", .location = {}}};
    CHECK(run(Components::detector, missing).front().failures == Failures{.detector = true});
    CHECK(run(Components::all, missing).front().failures ==
          Failures{.classifier = true, .detector = true});
    const std::vector<Instance> detected{{.filepath = "missing.jpg",
                                          .location = {},
                                          .detections = std::vector<Detection>(1, {.conf = 1})}};
    const auto classified = run(Components::classifier, detected);
    CHECK(classified.front().failures == Failures{.classifier = true});
    CHECK_FALSE(classified.front().detections);
}

TEST_CASE("given detections replace the detector") {
    auto instances = photos();
    const std::vector<Detection> given{{.category = Category::animal, .conf = 0.9}};
    instances.front().detections = given;
    CHECK(detections_of(run(Components::all, instances).front()) == given);
}

TEST_CASE("a given image is not read from its file, and keeps its position in the batch") {
    auto instances = photos();
    const auto read = run(Components::all, instances);
    instances[1].image = decode_file(instances[1].filepath);
    instances[1].filepath = "no such file";
    auto given = run(Components::all, instances);
    CHECK(given[1].filepath == "no such file");
    given[1].filepath = read[1].filepath;
    CHECK(given == read);
}

TEST_CASE("the rules alone do not use photos") {
    CHECK_THROWS_AS(run(Components::rules, photos()), ModelError);
}

TEST_CASE("classifying several photos together changes answers only by rounding") {
    const auto single = run(Components::all, photos());
    const auto together = run(Components::all, photos(), {.batch_size = 4});
    REQUIRE(together.size() == single.size());
    for (std::size_t index = 0; index < single.size(); ++index) {
        CHECK(together[index].filepath == single[index].filepath);
        CHECK(detections_of(together[index]) == detections_of(single[index]));
        for (std::size_t entry = 0; entry < single[index].detections->size(); ++entry) {
            const auto& mine = (*together[index].detections)[entry].answer;
            const auto& other = (*single[index].detections)[entry].answer;
            REQUIRE(mine.has_value() == other.has_value());
            if (mine) {
                CHECK(mine->label == other->label);
                CHECK(mine->score == doctest::Approx(other->score).epsilon(1e-4));
            }
        }
    }
}

TEST_CASE("predictions are delivered as they are computed, until the batch is stopped") {
    const auto ensemble = Ensemble::load("demo");
    const auto instances = photos();
    std::stop_source stop;
    std::vector<std::string> delivered;
    const auto receive = [&](Prediction&& prediction) {
        delivered.push_back(prediction.filepath);
        if (delivered.size() == 2) {
            stop.request_stop();
        }
    };
    CHECK_THROWS_AS(ensemble.predict_each(instances, {}, receive, stop.get_token()), Cancelled);
    CHECK(delivered == std::vector{instances[0].filepath, instances[1].filepath});
}

TEST_CASE("a detection without pixels stays unclassified, with a reason") {
    auto instances = photos();
    instances.resize(1);
    instances[0].detections = std::vector<Detection>{
        {.conf = 0.9, .bbox = {.xmin = 0.5, .ymin = 0.5, .width = 1e-9, .height = 0.5}},
        {.conf = 0.8, .bbox = {.xmin = 0.2, .ymin = 0.2, .width = 0.5, .height = 0.5}}};
    const auto per_detection = run(Components::all, instances).front();
    CHECK_FALSE(per_detection.failures.any());
    CHECK(per_detection.failure_reason.find("detection 0") != std::string::npos);
    CHECK_FALSE((*per_detection.detections)[0].classification);
    CHECK((*per_detection.detections)[1].classification);
    const auto per_image =
        run(Components::all, instances, {.format = ResultFormat::per_image}).front();
    CHECK(per_image.failures == Failures{.classifier = true});
}

TEST_CASE("explanations are given only if requested") {
    const auto explained = run(Components::all, photos(), {.explain = true});
    for (const auto& entry : *explained.front().detections) {
        CHECK(entry.explanation.has_value() == entry.answer.has_value());
    }
    const auto plain = run(Components::all, photos());
    for (const auto& entry : *plain.front().detections) {
        CHECK_FALSE(entry.explanation);
    }
}

TEST_CASE("instances may arrive one by one") {
    const auto ensemble = Ensemble::load("demo");
    const auto all = photos();
    const auto expected = ensemble.predict(all, {.batch_size = 2});
    std::size_t given = 0;
    std::vector<Prediction> predictions;
    ensemble.predict_each(
        [&]() -> std::optional<Instance> {
            return given < all.size() ? std::optional(all[given++]) : std::nullopt;
        },
        {.batch_size = 2},
        [&](Prediction&& prediction) { predictions.push_back(std::move(prediction)); });
    CHECK(predictions == expected);
}

TEST_CASE("a source may be empty, and its errors and invalid locations are reported") {
    const auto ensemble = Ensemble::load("demo");
    std::size_t received = 0;
    const auto count = [&](Prediction&&) { ++received; };
    ensemble.predict_each([]() -> std::optional<Instance> { return std::nullopt; }, {}, count);
    CHECK(received == 0);
    const auto fail = []() -> std::optional<Instance> { throw IoError(ErrorCode::io, "gone"); };
    CHECK_THROWS_AS(ensemble.predict_each(fail, {}, count), IoError);
    const auto nowhere = []() -> std::optional<Instance> {
        return Instance{.filepath = "a.jpg", .location = {.latitude = 91}};
    };
    CHECK_THROWS_AS(ensemble.predict_each(nowhere, {}, count), InvalidArgument);
    std::stop_source stop;
    stop.request_stop();
    const auto endless = [] { return std::optional(photos().front()); };
    CHECK_THROWS_AS(ensemble.predict_each(endless, {}, count, stop.get_token()), Cancelled);
    CHECK(received == 0);
}

TEST_CASE("detections below the threshold are not reported") {
    const auto instances = photos();
    const auto found = run(Components::detector, instances);
    double threshold = 1;
    for (const auto& prediction : found) {
        for (const auto& one : prediction.found()) {
            threshold = std::min(threshold, one.detection.conf);
        }
    }
    threshold = std::nextafter(threshold, 1);
    const auto sure = run(Components::detector, instances, {.detection_threshold = threshold});
    std::size_t dropped = 0;
    for (std::size_t index = 0; index < found.size(); ++index) {
        auto expected = detections_of(found[index]);
        dropped +=
            std::erase_if(expected, [&](const Detection& one) { return one.conf < threshold; });
        CHECK(detections_of(sure[index]) == expected);
    }
    CHECK(dropped > 0);
    // Detections given with an instance are reported at any confidence.
    const auto given = run(Components::all, detected_photos(), {.detection_threshold = 1});
    for (std::size_t index = 0; index < found.size(); ++index) {
        CHECK(given[index].found().size() == found[index].found().size());
    }
}

TEST_CASE("options out of range are refused before any work") {
    const auto ensemble = Ensemble::load("demo");
    const auto image = decode_file(photos().front().filepath);
    for (const double threshold : {-1.0, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
        CHECK_THROWS_AS(ensemble.predict(image, {}, {.detection_threshold = threshold}),
                        InvalidArgument);
        CHECK_THROWS_AS(ensemble.predict(photos(), {.classification_threshold = threshold}),
                        InvalidArgument);
    }
}

TEST_CASE("a photo that cannot be read has no detections") {
    const std::vector<Instance> missing{{.filepath = "/nowhere/a.jpg"}};
    const auto prediction = run(Components::all, missing).front();
    CHECK_FALSE(prediction.detections);
    CHECK(prediction.found().empty());
    CHECK(failure_names(prediction.failures) ==
          std::vector<std::string_view>{"CLASSIFIER", "DETECTOR"});
}
