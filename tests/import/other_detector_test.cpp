// SPDX-License-Identifier: Apache-2.0
// A package with another detector: releases of MegaDetector that are smaller than SpeciesNet's.
// tests/fixtures/detectors/make.py made the file, and recorded the answers of PyPI's megadetector.
#include "speciesnet/compile.hpp"
#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"

#include "detector/detector.hpp"
#include "model_copy.hpp"
#include "published_networks.hpp"
#include "temporary_folder.hpp"
#include "unit/executor_fixtures.hpp"

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace speciesnet;

namespace {

const std::filesystem::path demo = std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo";
const std::filesystem::path detectors = std::filesystem::path(SPECIESNET_FIXTURES) / "detectors";
const auto small_detector = detectors / "md_small.pt";

/// @param answers of PyPI's megadetector, by name of the photo
void check_answers(const Detector& detector, const nlohmann::json& answers) {
    for (const auto& [photo, expected] : answers.items()) {
        CAPTURE(photo);
        const auto found = detector.detect(decode_file(demo / "photos" / photo));
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            CAPTURE(i);
            CHECK(std::to_string(static_cast<int>(found[i].category)) ==
                  expected[i]["category"].get<std::string>());
            CHECK(std::abs(found[i].conf - expected[i]["conf"].get<double>()) < 1e-3);
            const auto box = expected[i]["bbox"].get<std::array<double, 4>>();
            // One pixel of the photo, because both round to whole pixels.
            constexpr double pixel = 1.0 / 640;
            CHECK(std::abs(found[i].bbox.xmin - box[0]) <= pixel);
            CHECK(std::abs(found[i].bbox.ymin - box[1]) <= pixel);
            CHECK(std::abs(found[i].bbox.width - box[2]) <= 2 * pixel);
            CHECK(std::abs(found[i].bbox.height - box[3]) <= 2 * pixel);
        }
    }
}

}  // namespace

TEST_CASE("another detector finds what the megadetector package finds with it") {
    for (const std::string name : {"md_small", "md_yolo11", "md_yolov9c", "md_gelan", "md_dual"}) {
        CAPTURE(name);
        std::ifstream file(detectors / (name + ".json"));
        const auto answers = nlohmann::json::parse(file);
        for (const auto* const set : executor::float32_kernel_sets()) {
            CAPTURE(set->name);
            check_answers(Detector(package_file(detectors / (name + ".pt")),
                                   std::make_shared<NetworkThreads>(2), {.kernels = set}),
                          answers);
        }
    }
}

TEST_CASE("another detector answers the same when it is compiled, bit by bit") {
    for (const char* const name : {"md_yolo11.pt", "md_yolov9c.pt", "md_gelan.pt"}) {
        CAPTURE(name);
        const ModelCopy model(demo / "model");
        std::filesystem::copy_file(detectors / name, model.file("detector.pt"),
                                   std::filesystem::copy_options::overwrite_existing);
        const auto answers = [&] {
            return Ensemble::load(model.path(), {.components = Components::detector})
                .detect(decode_file(demo / "photos/zebra.jpg"));
        };
        const auto expected = answers();
        CHECK_FALSE(expected.empty());
        const auto report = compile_package(model.path());
        CHECK(answers() == expected);
        std::filesystem::resize_file(model.file(report[0].compiled), 1000);
        CHECK_THROWS_AS(answers(), ModelError);  // It was used.
    }
}

TEST_CASE("a compiled detector without its network scales boxes as its model type does") {
    const ModelCopy model(demo / "model");
    std::filesystem::copy_file(detectors / "md_yolo11.pt", model.file("detector.pt"),
                               std::filesystem::copy_options::overwrite_existing);
    // With a size that the letterbox rounds.
    const auto whole = decode_file(demo / "photos/zebra.jpg");
    constexpr int height = 411;
    const auto rows = whole.pixels().first(static_cast<std::size_t>(whole.width()) * height * 3);
    const auto photo = Image::from_rgb(whole.width(), height, {rows.begin(), rows.end()});
    const auto answers = [&] {
        return Ensemble::load(model.path(), {.components = Components::detector}).detect(photo);
    };
    const auto expected = answers();
    REQUIRE_FALSE(expected.empty());
    compile_package(model.path());
    std::filesystem::remove(model.file("detector.pt"));
    CHECK(answers() == expected);
}

TEST_CASE("answers with another detector name it") {
    const auto package = Package::open("demo");
    const auto other = package.with_detector(small_detector);
    CHECK(other.info().detector == "md_small.pt");
    CHECK(other.info().version == package.info().version + "+md_small");
    CHECK(other.read("md_small.pt").origin() == small_detector.string());
    CHECK_FALSE(other.find("md_small.pt.none"));
    CHECK(other.read(other.info().classifier).content() ==
          package.read(package.info().classifier).content());
    const auto prediction = Ensemble::load("demo", {.detector = small_detector})
                                .predict(decode_file(demo / "photos/zebra.jpg"));
    CHECK(prediction.model_version == other.info().version);
    CHECK(!prediction.found().empty());
}

TEST_CASE("a detector that is missing, or named like another file, is refused") {
    const auto package = Package::open("demo");
    CHECK_THROWS_AS(package.with_detector("nowhere/md.pt"), IoError);
    CHECK_THROWS_AS(package.with_detector(detectors), IoError);
    const TemporaryFolder folder;
    CHECK_THROWS_AS(package.with_detector(folder.write(package.info().classifier, "x")),
                    InvalidArgument);
    CHECK_THROWS_AS(Ensemble::load("demo", {.components = Components::detector,
                                            .detector = folder.write("md.pt", "no network")}),
                    ModelError);
}
