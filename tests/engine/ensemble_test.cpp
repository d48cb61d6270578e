// SPDX-License-Identifier: Apache-2.0
// From photo to answer.
#include "speciesnet/speciesnet.hpp"

#include "demo_photos.hpp"

#include <array>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

const Ensemble& demo() {
    static const auto ensemble = Ensemble::load("demo");
    return ensemble;
}

Image photo(const std::string& name) {
    return decode_file(std::string(SPECIESNET_DEMO "/photos/") + name);
}

std::string image_name(const Prediction& prediction) {
    const auto* answer = image_answer(prediction);
    REQUIRE(answer != nullptr);
    return short_name(answer->answer->label);
}

}  // namespace

TEST_CASE(
    "the demonstration model names the animal of a sample photo and says that it is a "
    "demonstration") {
    const auto prediction =
        demo().predict(photo("zebra.jpg"), {}, {.format = ResultFormat::per_image});
    CHECK(image_name(prediction) == "equus_quagga");
    CHECK(prediction.model_version == demo().info().version);
    CHECK(prediction.model_version.starts_with("demo"));
    CHECK_FALSE(prediction.failures.any());
}

TEST_CASE("detections are sorted by confidence and inside the image") {
    for (const auto& instance : demo_photos()) {
        double before = 1;
        for (const auto& detection : demo().detect(decode_file(instance.filepath))) {
            CHECK(detection.conf <= before);
            CHECK(detection.conf > 0.01);
            CHECK(detection.bbox.xmin >= 0);
            CHECK(detection.bbox.ymin >= 0);
            CHECK(detection.bbox.xmin + detection.bbox.width <= 1 + 1e-12);
            CHECK(detection.bbox.ymin + detection.bbox.height <= 1 + 1e-12);
            before = detection.conf;
        }
    }
}

TEST_CASE(
    "per detection: those at or above the threshold have a classification of two classes, others "
    "have none") {
    const auto prediction = demo().predict(photo("zebra.jpg"));
    REQUIRE(prediction.detections);
    REQUIRE_FALSE(prediction.detections->empty());
    for (const auto& found : *prediction.detections) {
        CHECK(found.classification.has_value() == (found.detection.conf >= 0.1));
        CHECK(found.answer.has_value() == found.classification.has_value());
        if (found.classification) {
            CHECK(found.classification->classes.size() == 2);
            CHECK(found.classification->scores.size() == 2);
            CHECK_FALSE(found.classification->target_classes);
        }
    }
}

TEST_CASE("per detection: the options limit classified detections and report all classes") {
    const auto image = photo("zebra.jpg");
    const auto none = demo().predict(image, {}, {.max_classifications_per_image = 0});
    for (const auto& found : *none.detections) {
        CHECK_FALSE(found.classification);
    }
    const auto all = demo().predict(image, {}, {.max_classifications_per_detection = std::nullopt});
    CHECK(all.detections->front().classification->classes.size() == demo().labels().size());
}

TEST_CASE("per image: without a detection the whole image is classified") {
    const auto grey = Image::from_rgb(320, 240, std::vector<std::uint8_t>(320 * 240 * 3, 114));
    const auto prediction = demo().predict(grey, {}, {.format = ResultFormat::per_image});
    REQUIRE(prediction.detections->size() == 1);
    CHECK(prediction.detections->front().detection == whole_image_detection());
    CHECK(prediction.detections->front().classification->classes.size() == 5);
    CHECK(prediction.detections->front().answer);
}

TEST_CASE("a country where the animal does not live changes the answer, unless geofencing is off") {
    const auto image = photo("zebra.jpg");
    const PredictOptions per_image{.format = ResultFormat::per_image};
    CHECK(image_name(demo().predict(image, {.country = "KEN"}, per_image)) == "equus_quagga");
    const auto abroad = demo().predict(image, {.country = "USA"}, per_image);
    CHECK(image_name(abroad) != "equus_quagga");
    CHECK(image_answer(abroad)->answer->source.starts_with("classifier+geofence+rollup"));
    const auto unfenced = Ensemble::load("demo", {.geofence = false});
    CHECK(image_name(unfenced.predict(image, {.country = "USA"}, per_image)) == "equus_quagga");
}

TEST_CASE("logits of target species are reported, those of unknown labels are not") {
    const std::string zebra = [] {
        for (const auto& label : demo().labels()) {
            if (short_name(label) == "equus_quagga") {
                return label;
            }
        }
        return std::string{};
    }();
    const auto ensemble = Ensemble::load(
        "demo", {.target_species = std::vector<std::string>{zebra, "no;such;label;at;all;;x"}});
    const auto prediction = ensemble.predict(photo("zebra.jpg"));
    const auto& classification = prediction.detections->front().classification;
    REQUIRE(classification);
    CHECK(*classification->target_classes == std::vector{zebra});
    CHECK(classification->target_logits->size() == 1);
}

TEST_CASE("a box without pixels is not classified") {
    const auto image = photo("zebra.jpg");
    const std::array boxes{Detection{.bbox = {0.5, 0.5, 0.0001, 0.5}}, whole_image_detection()};
    const auto classifications = demo().classify(image, boxes);
    REQUIRE(classifications.size() == 2);
    CHECK_FALSE(classifications[0]);
    CHECK(classifications[1]);
}

TEST_CASE("a batch gives the results of single calls, in order, and a bad file fails alone") {
    auto instances = demo_photos();
    instances.insert(instances.begin() + 1, {"/nonexistent/photo.jpg", {}});
    std::vector<std::size_t> done;
    const auto predictions = demo().predict(
        instances, {}, [&](std::size_t count, std::size_t) { done.push_back(count); });
    REQUIRE(predictions.size() == instances.size());
    CHECK(done.size() == instances.size());
    CHECK(done.back() == instances.size());
    for (std::size_t index = 0; index < instances.size(); ++index) {
        CHECK(predictions[index].filepath == instances[index].filepath);
        if (index == 1) {
            CHECK(predictions[index].failures == Failures{.classifier = true, .detector = true});
            CHECK(predictions[index].failure_reason.find("photo.jpg") != std::string::npos);
            CHECK_FALSE(predictions[index].detections);
            continue;
        }
        auto single = demo().predict(decode_file(instances[index].filepath));
        single.filepath = instances[index].filepath;
        CHECK(predictions[index] == single);
    }
}

TEST_CASE("copies of a photo in one batch get the same answers as alone, each for its location") {
    const std::string zebra = SPECIESNET_DEMO "/photos/zebra.jpg";
    const std::vector<Instance> copies{
        {zebra, {.country = "KEN"}},
        {SPECIESNET_DEMO "/photos/../photos/zebra.jpg", {.country = "USA"}},
        {zebra, {}}};
    for (const std::size_t batch_size : {1, 3}) {
        const auto together = demo().predict(copies, {.batch_size = batch_size});
        REQUIRE(together.size() == copies.size());
        for (std::size_t index = 0; index < copies.size(); ++index) {
            const auto alone = demo().predict(std::span(&copies[index], 1));
            CHECK(together[index] == alone.front());
        }
        CHECK(together[0].detections->front().answer != together[1].detections->front().answer);
    }
}

TEST_CASE("the number of decoding threads must be at least 1") {
    const auto instances = demo_photos();
    const auto expected = demo().predict(instances);
    for (const int threads : {1, 5}) {
        CHECK(demo().predict(instances, {.decoding_threads = threads}) == expected);
    }
    CHECK_THROWS_AS(demo().predict(instances, {.decoding_threads = 0}), InvalidArgument);
}

TEST_CASE("a batch can be stopped") {
    const auto photos = demo_photos();
    std::stop_source stop;
    std::size_t finished = 0;
    const auto stop_after_one = [&](std::size_t done, std::size_t) {
        finished = done;
        stop.request_stop();
    };
    CHECK_THROWS_AS(demo().predict(photos, {}, stop_after_one, stop.get_token()), Cancelled);
    CHECK(finished == 1);
}

TEST_CASE("a malformed location is refused before any work") {
    CHECK_THROWS_AS(demo().predict(photo("zebra.jpg"), {.country = "Atlantis"}), InvalidArgument);
    const std::vector<Instance> instances{
        {"/nonexistent/photo.jpg", {.admin1_region = "California"}}};
    CHECK_THROWS_AS(demo().predict(instances), InvalidArgument);
}

TEST_CASE("a result written as JSON reads back the same") {
    for (const auto format : {ResultFormat::per_detection, ResultFormat::per_image}) {
        const auto predictions = demo().predict(demo_photos(), {.format = format});
        const auto document = to_json(predictions, {.format = format});
        CHECK(to_json(predictions_from_json(document), {.format = format}) == document);
    }
}

TEST_CASE(
    "an ensemble validates bytes and applies its geofence as the functions of these names do") {
    const auto bytes = read_encoded_file(SPECIESNET_DEMO "/photos/zebra.jpg");
    CHECK(Ensemble::validate(bytes, "image/jpeg").type == MediaType::jpeg);
    CHECK_THROWS_AS(Ensemble::validate(bytes, "text/plain"), InvalidImage);
    CHECK_THROWS_AS(decode(bytes, "text/plain"), InvalidImage);
    CHECK(decode(bytes, "image/png") == decode(bytes));

    const auto found = demo().predict(photo("zebra.jpg")).found().front();
    REQUIRE(found.classification);
    const auto& [classes, scores, targets, logits] = *found.classification;
    const Location usa{.country = "USA"};
    CHECK(demo().geofence(*found.classification, usa) ==
          demo().rules().apply_geofence(classes, scores, usa));
    CHECK(short_name(demo().geofence(*found.classification, usa).label) == "equidae");
}
