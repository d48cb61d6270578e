// SPDX-License-Identifier: Apache-2.0
// Detectors whose file states the size of their images.
#include "speciesnet/compile.hpp"
#include "speciesnet/ensemble.hpp"
#include "speciesnet/error.hpp"
#include "speciesnet/torchscript_export.hpp"

#include "detector/box_scaling.hpp"
#include "detector/detector.hpp"
#include "detector/non_maximum_suppression.hpp"
#include "executor/kernels.hpp"
#include "model_copy.hpp"
#include "network/rgb_input.hpp"
#include "preprocess/letterbox.hpp"
#include "published_networks.hpp"
#include "unit/network_entries.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

const std::filesystem::path demo = std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo";

/// Returns the demonstration's detector with the document that MegaDetector appends.
std::string detector_with(const std::string& info) {
    return with_entries(bytes_of(demo / "model/detector.pt"),
                        {deflated_entry("detector/megadetector_info.json", info)});
}

Image photo() {
    return decode_file(demo / "photos/zebra.jpg");
}

std::vector<Detection> detections_of(const std::filesystem::path& package) {
    return Ensemble::load(package.string(), {.components = Components::detector}).detect(photo());
}

/// Runs the stages one by one, with images of this size.
std::vector<Detection> detections_at(int size) {
    const auto image = photo();
    const auto picture = letterbox(image, size);
    const auto output = load(demo / "model/detector.pt")
                            .forward(rgb_input({picture.rgb}, picture.width, picture.height),
                                     /*channels_first=*/true);
    return scale_to_photo(
        non_maximum_suppression(output.values, static_cast<std::size_t>(output.shape[2]) - 5),
        {picture.width, picture.height}, {image.width(), image.height()});
}

}  // namespace

TEST_CASE("a detector gets images of the size that its file states, in any form") {
    const ModelCopy model(demo / "model");
    const auto usual = detections_of(model.path());
    CHECK(usual == detections_at(letterbox_size));
    const auto expected = detections_at(640);
    REQUIRE(!expected.empty());
    CHECK(expected != usual);

    model.replace("detector.pt", detector_with(R"({"image_size": 1280})"));
    CHECK(detections_of(model.path()) == usual);
    model.replace("detector.pt", detector_with(R"({"version": "v5a.0.1"})"));
    CHECK(detections_of(model.path()) == usual);
    model.replace("detector.pt", detector_with(R"({"image_size": 640})"));
    CHECK(detections_of(model.path()) == expected);
    const auto report = compile_package(model.path());
    CHECK(report.front().compiled != "");
    CHECK(detections_of(model.path()) == expected);
    // The compiled form keeps the size if the network is absent.
    const ModelCopy shipped(model.path());
    shipped.remove("detector.pt");
    CHECK(detections_of(shipped.path()) == expected);
}

TEST_CASE("an exported package keeps the image_size of its detector" *
          doctest::test_suite("LibTorch")) {
    const ModelCopy model(demo / "model");
    model.replace("detector.pt", detector_with(R"({"image_size": 640})"));
    const auto expected = detections_at(640);
    const TemporaryFolder place;
    const auto exported = std::filesystem::path(place.path()) / "exported";
    export_package(model.path(), exported);
    CHECK(detections_of(exported) == expected);
    // Exporting TorchScript also keeps it.
    const auto again = std::filesystem::path(place.path()) / "again";
    export_package(exported, again);
    CHECK(detections_of(again) == expected);
}

TEST_CASE("a size that no detector can have is refused, with the file's name") {
    const auto threads = std::make_shared<NetworkThreads>(1);
    for (const auto* size : {"-64", "0", "32", "650", "4160", "1099511627776",
                             "9223372036854775808", "18446744073709551615"}) {
        CAPTURE(size);
        const auto bytes = detector_with(std::string(R"({"image_size": )") + size + "}");
        const PackageFile file{bytes, "detector.pt", nullptr};
        try {
            const Detector detector(file, threads);
            FAIL("loaded");
        } catch (const ModelError& error) {
            CHECK(error.code() == ErrorCode::model_invalid);
            CHECK(std::string(error.what()).find("'detector.pt' gives an image_size of ") == 0);
        }
    }
    for (const auto* size : {"64", "4096"}) {
        const auto bytes = detector_with(std::string(R"({"image_size": )") + size + "}");
        CHECK_NOTHROW(Detector({bytes, "detector.pt", nullptr}, threads));
    }
}
