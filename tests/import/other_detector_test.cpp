// SPDX-License-Identifier: Apache-2.0
// A package with another detector: releases of MegaDetector that are smaller than that of
// SpeciesNet. tests/fixtures/detectors/make.py has made the file, and asked PyPI's megadetector
// about the photos.
#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"

#include "temporary_folder.hpp"

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace speciesnet;

namespace {

const std::filesystem::path demo = std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo";
const std::filesystem::path detectors = std::filesystem::path(SPECIESNET_FIXTURES) / "detectors";
const auto small_detector = detectors / "md_small.pt";

}  // namespace

TEST_CASE("another detector finds what the megadetector package finds with it") {
    const auto ensemble =
        Ensemble::load("demo", {.components = Components::detector, .detector = small_detector});
    std::ifstream file(detectors / "md_small.json");
    const auto document = nlohmann::json::parse(file);
    for (const auto& [photo, expected] : document.items()) {
        CAPTURE(photo);
        const auto found = ensemble.detect(decode_file(demo / "photos" / photo));
        REQUIRE(found.size() == expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            CAPTURE(i);
            CHECK(std::to_string(static_cast<int>(found[i].category)) == expected[i]["category"]);
            CHECK(std::abs(found[i].conf - expected[i]["conf"].get<double>()) < 1e-3);
            const auto box = expected[i]["bbox"].get<std::array<double, 4>>();
            // A pixel of the photo: both round to whole ones.
            constexpr double pixel = 1.0 / 640;
            CHECK(std::abs(found[i].bbox.xmin - box[0]) <= pixel);
            CHECK(std::abs(found[i].bbox.ymin - box[1]) <= pixel);
            CHECK(std::abs(found[i].bbox.width - box[2]) <= 2 * pixel);
            CHECK(std::abs(found[i].bbox.height - box[3]) <= 2 * pixel);
        }
    }
}

TEST_CASE("answers with another detector say so") {
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
