// SPDX-License-Identifier: Apache-2.0
// Reading documents of MegaDetector and its tools as results.
#include "results/megadetector_document.hpp"

#include "speciesnet/error.hpp"

#include "results/merged_documents.hpp"
#include "results/model_names.hpp"
#include "temporary_folder.hpp"

#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

std::vector<Prediction> read(const std::string& document) {
    std::istringstream stream(document);
    std::vector<Prediction> predictions;
    read_megadetector_document(stream, [&](const Prediction& one) { predictions.push_back(one); });
    return predictions;
}

const std::string zebra = "u;mammalia;perissodactyla;equidae;equus;quagga;plains zebra";

}  // namespace

TEST_CASE("photos, categories and classes of a MegaDetector document are read") {
    // Names come after the images, as some tools write them.
    const auto found = read(R"({"images": [
        {"file": "a\\b.jpg", "detections": [
            {"category": "2", "conf": 0.3, "bbox": [0.5, 0.5, 0.1, 0.2]},
            {"category": "1", "conf": 0.9, "bbox": [0, 0.25, 0.5, 0.5],
             "classifications": [["7", 0.8], ["3", 0.1]]},
            {"category": 3, "conf": -0.4}]},
        {"file": "empty.jpg", "detections": []},
        {"file": "broken.jpg", "failure": "Failure image access", "detections": null},
        {"file": "gone.jpg"}],
        "classification_categories": {"3": "donkey", "7": "zebra"},
        "classification_category_descriptions": {"7": ")" +
                            zebra + R"(", "3": "no label"},
        "detection_categories": {"1": "animal", "2": "person", "3": "Vehicle"},
        "info": {"detector": "md_v5a.0.1.pt", "format_version": "1.4"}})");
    REQUIRE(found.size() == 4);
    CHECK(found[0].filepath == "a\\b.jpg");
    CHECK(found[0].model_version == "md_v5a.0.1.pt");
    REQUIRE(found[0].found().size() == 3);
    const auto& animal = found[0].found()[0];
    CHECK(animal.detection.category == Category::animal);
    CHECK(animal.detection.bbox == BoundingBox{0, 0.25, 0.5, 0.5});
    REQUIRE(animal.answer);
    CHECK(animal.answer->label == zebra);
    CHECK(animal.answer->score == 0.8);
    CHECK(animal.classification->classes == std::vector<std::string>{zebra, "donkey"});
    CHECK(found[0].found()[1].detection.category == Category::human);
    CHECK_FALSE(found[0].found()[1].answer);
    CHECK(found[0].found()[2].detection.category == Category::vehicle);
    // Suppressed repeats keep their sign.
    CHECK(found[0].found()[2].detection.conf == -0.4);
    CHECK(found[1].detections.has_value());
    CHECK(found[1].found().empty());
    CHECK(found[2].failures.detector);
    CHECK(found[2].failure_reason == "Failure image access");
    CHECK(found[3].failures.detector);
}

TEST_CASE("documents with other categories or without names are read") {
    const auto deer = read(R"({"detection_categories": {"0": "deer"}, "images": [
        {"file": "a.jpg", "detections": [{"category": "0", "conf": 0.5, "bbox": [0,0,1,1]}]}]})");
    CHECK(deer[0].found()[0].answer->label == "deer");
    const auto plain = read(R"({"images": [{"file": "a.jpg", "detections": [
        {"category": "3", "conf": 0.5, "bbox": [0,0,1,1]}]}]})");
    CHECK(plain[0].found()[0].detection.category == Category::vehicle);
    CHECK(plain[0].model_version.empty());
}

TEST_CASE("a video is a result for each frame that was processed") {
    const auto found = read(R"({"images": [{"file": "c/clip.MP4", "frame_rate": 30.0,
        "frames_processed": [0, 30, 60], "detections": [
            {"category": "1", "conf": 0.5, "bbox": [0,0,1,1], "frame_number": 30},
            {"category": "1", "conf": 0.7, "bbox": [0,0,1,1], "frame_number": 30}]}]})");
    REQUIRE(found.size() == 3);
    CHECK(found[0].filepath == "c/clip.MP4#frame=0");
    CHECK(found[0].found().empty());
    CHECK(found[1].filepath == "c/clip.MP4#frame=30");
    REQUIRE(found[1].found().size() == 2);
    CHECK(found[1].found()[0].detection.conf == 0.7);
}

TEST_CASE("invalid MegaDetector documents are refused with the position") {
    const auto refused = [](const std::string& images, const std::string& words) {
        CAPTURE(images);
        CHECK_THROWS_WITH_AS(read("{\"images\": " + images + "}"), doctest::Contains(words.c_str()),
                             InvalidArgument);
    };
    refused("[3]", "images[0]");
    refused("[{\"detections\": []}]", "no \"file\"");
    refused("[{\"file\": 3}]", "\"file\" is not a string");
    refused("[{\"file\": \"a\", \"detections\": {}}]", "is not a list");
    refused("[{\"file\": \"a\", \"detections\": [{}]}]", "\"category\"");
    refused(R"([{"file": "a", "detections": [{"category": "1", "conf": "x"}]}])",
            "is not a number");
    refused(R"([{"file": "a", "detections": [{"category": "1", "conf": 1, "bbox": [1,2,3]}]}])",
            "four numbers");
    refused(R"([{"file": "a", "detections": [{"category": "1", "conf": 1,
        "classifications": [["1"]]}]}])",
            "is not a pair");
    refused("[", "parse error");
    CHECK_THROWS_AS(read("{}"), InvalidArgument);
    CHECK_THROWS_AS(read("[]"), InvalidArgument);
    CHECK_THROWS_AS(read(R"({"images": [], "info": {"detector": 3}})"), InvalidArgument);
}

TEST_CASE("kinds of documents are distinguished by their beginning") {
    CHECK(is_megadetector_document(R"({"info": {}, "images": [])"));
    CHECK(is_megadetector_document(R"({"detection_categories": {)"));
    CHECK_FALSE(
        is_megadetector_document(R"({"info": {}, "predictions": [{"filepath": "\"images\"")"));
    CHECK_FALSE(is_megadetector_document("{}"));
}

TEST_CASE("the model of a document is named") {
    const auto text = [](const std::string& version) {
        ModelNames names;
        names.add(Prediction{.model_version = version});
        return names.text();
    };
    CHECK(text("4.0.1a") == "SpeciesNet 4.0.1a");
    CHECK(text("md_v5a.0.1.pt") == "md_v5a.0.1.pt");
    CHECK(text("") == "SpeciesNet");
}

TEST_CASE("documents that would need unbounded memory are refused") {
    const std::string lists(100'000, '[');
    const auto nested = doctest::Contains("is nested too deeply");
    CHECK_THROWS_WITH_AS(read("{\"images\": [], \"x\": " + lists), nested, InvalidArgument);
    CHECK_THROWS_WITH_AS(read("{\"images\": [{\"file\": \"a\", \"x\": " + lists), nested,
                         InvalidArgument);
    std::string frames = "0";
    for (int count = 0; count < 10'000'000; ++count) {
        frames += ",0";
    }
    CHECK_THROWS_WITH_AS(
        read("{\"images\": [{\"file\": \"a.mp4\", \"frames_processed\": [" + frames),
        doctest::Contains("has too many values"), InvalidArgument);
    // Earlier entries do not count.
    std::string images = R"({"file": "a", "x": [0,0,0,0,0,0,0,0,0,0]})";
    CHECK(read("{\"images\": [" + images + "," + images + "]}").size() == 2);
}

TEST_CASE("several documents are merged, and the last result without a failure counts") {
    const TemporaryFolder folder;
    const auto element = [](const std::string& file, const std::string& rest) {
        return "{\"filepath\": \"" + file + "\", " + rest + "}";
    };
    const std::string failed = R"("failures": ["DETECTOR"])";
    const auto first =
        folder.write("first.json", "{\"predictions\": [" + element("a.jpg", failed) + "," +
                                       element("b.jpg", R"("detections": [])") + "," +
                                       element("c.jpg", R"("detections": [])") + "]}");
    const auto second = folder.write("second.json", R"({"images": [
        {"file": "a.jpg", "detections": []},
        {"file": "b.jpg", "detections": [{"category": "1", "conf": 0.5, "bbox": [0,0,1,1]}]},
        {"file": "c.jpg", "failure": "x"}]})");
    const auto read_all = [](const std::vector<std::string>& files) {
        const MergedDocuments merged(files, {});
        std::vector<std::string> results;
        merged.for_each([&](const Prediction& prediction) {
            results.push_back(prediction.filepath + ':' +
                              std::to_string(prediction.found().size()) +
                              (prediction.failures.any() ? " failed" : ""));
        });
        CHECK(merged.replaced() == (files.size() == 1 ? 0 : 3));
        return results;
    };
    CHECK(read_all({first}) == std::vector<std::string>{"a.jpg:0 failed", "b.jpg:0", "c.jpg:0"});
    CHECK(read_all({first, second}) == std::vector<std::string>{"c.jpg:0", "a.jpg:0", "b.jpg:1"});
    CHECK(read_all({second, first}) == std::vector<std::string>{"a.jpg:0", "b.jpg:0", "c.jpg:0"});
}

}  // namespace speciesnet::cli
