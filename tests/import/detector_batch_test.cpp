// SPDX-License-Identifier: Apache-2.0
// Photos that the detector processes as a batch.
#include "detector/detector.hpp"
#include "system/memory.hpp"

#include <filesystem>
#include <memory>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("photos that are detected together get the detections that each gets alone") {
    const auto demo = std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo";
    const auto file = map_file(demo / "model/detector.pt");
    const Detector detector({file.content, "detector.pt", file.owner},
                            std::make_shared<NetworkThreads>(2));
    std::vector<Image> photos;
    for (const auto* name : {"zebra.jpg", "blank.jpg", "person.jpg", "elephant.jpg"}) {
        photos.push_back(decode_file(demo / "photos" / name));
    }
    // One with another shape, among the others.
    photos.insert(photos.begin() + 1,
                  Image::from_rgb(300, 900, std::vector<std::uint8_t>(300 * 900 * 3, 90)));
    std::vector<const Image*> together;
    for (const auto& photo : photos) {
        together.push_back(&photo);
    }
    const auto detections = detector.detect(together);
    REQUIRE(detections.size() == photos.size());
    CHECK(detections.front().size() >= 2);
    for (std::size_t index = 0; index < photos.size(); ++index) {
        CAPTURE(index);
        CHECK(detections[index] == detector.detect(photos[index]));
    }
    CHECK(detector.detect(std::span<const Image* const>{}).empty());
}
