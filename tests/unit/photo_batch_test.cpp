// SPDX-License-Identifier: Apache-2.0
// Duplicates of a photo are detected and classified once, and each is decided separately.
#include "ensemble/photo_batch.hpp"

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// Networks that count calls and find one animal whose confidence is the number of the call.
struct Networks {
    int detected = 0;
    std::vector<std::size_t> at_once;  ///< Photos in each call of the detector.
    int classified = 0;
    std::vector<Prediction> decided;

    PhotoStages stages() {
        return {
            .detect =
                [this](std::span<const PhotoToDetect> photos) {
                    at_once.push_back(photos.size());
                    std::vector<PhotoInWork> works;
                    for (const auto& photo : photos) {
                        ++detected;
                        auto& work = works.emplace_back(PhotoInWork{photo.instance, {}, {}, {}});
                        work.results.detections.emplace(1).front().conf = detected;
                        work.crops.emplace_back(0, std::nullopt);
                    }
                    return works;
                },
            .classify =
                [this](std::span<PhotoInWork> photos) {
                    for (auto& photo : photos) {
                        classified += static_cast<int>(photo.crops.size());
                    }
                },
            .decide =
                [this](PhotoInWork work) {
                    Prediction prediction{.filepath = work.instance->filepath};
                    prediction.location = work.instance->location;
                    prediction.detections.emplace(1).front().detection =
                        work.results.detections->front();
                    decided.push_back(std::move(prediction));
                }};
    }

    std::vector<double> confidences() const {
        std::vector<double> result;
        for (const auto& prediction : decided) {
            result.push_back(prediction.detections->front().detection.conf);
        }
        return result;
    }
};

DecodedInstance photo(const std::string& digest) {
    return {.image = std::nullopt, .failure_reason = {}, .digest = digest};
}

SharedInstance shared(Instance instance) {
    return std::make_shared<const Instance>(std::move(instance));
}

const SharedInstance kenya = shared({.filepath = "a.jpg", .location = {.country = "KEN"}});
const SharedInstance usa = shared({.filepath = "b.jpg", .location = {.country = "USA"}});

}  // namespace

TEST_CASE("a copy of a photo of an earlier batch is not detected again") {
    Networks networks;
    PhotoBatch batch(networks.stages());
    for (const auto* digest : {"x", "y", "x"}) {
        batch.add(kenya, photo(digest));
        batch.deliver();
    }
    CHECK(networks.detected == 2);
    CHECK(networks.classified == 2);
    CHECK(networks.confidences() == std::vector<double>{1, 2, 1});
}

TEST_CASE("a copy of a photo of the same batch is not detected again") {
    Networks networks;
    PhotoBatch batch(networks.stages());
    for (const auto* digest : {"x", "x", "y", "x"}) {
        batch.add(kenya, photo(digest));
    }
    CHECK(batch.size() == 4);
    batch.deliver();
    CHECK(batch.size() == 0);
    CHECK(networks.detected == 2);
    CHECK(networks.classified == 2);
    CHECK(networks.confidences() == std::vector<double>{1, 1, 2, 1});
}

TEST_CASE("each copy is decided with its own name and location") {
    Networks networks;
    PhotoBatch batch(networks.stages());
    batch.add(kenya, photo("x"));
    batch.add(usa, photo("x"));
    batch.deliver();
    batch.add(usa, photo("x"));
    batch.deliver();
    REQUIRE(networks.decided.size() == 3);
    CHECK(networks.decided[0].location.country == "KEN");
    CHECK(networks.decided[1].filepath == "b.jpg");
    CHECK(networks.decided[1].location.country == "USA");
    CHECK(networks.decided[2].location.country == "USA");
}

TEST_CASE("photos with given detections, and photos without a file, are never copies") {
    Networks networks;
    PhotoBatch batch(networks.stages());
    Instance given = *kenya;
    given.detections.emplace();
    batch.add(kenya, photo("x"));
    batch.add(shared(given), photo("x"));
    batch.add(kenya, photo(""));
    batch.add(kenya, photo(""));
    batch.deliver();
    CHECK(networks.detected == 4);
}

TEST_CASE("photos wait for each other before they are detected, but not for another batch") {
    Networks networks;
    PhotoBatch batch(networks.stages(), 3);
    for (const auto* digest : {"a", "b", "a", "c", "d"}) {
        batch.add(kenya, photo(digest));
    }
    batch.deliver();
    batch.add(kenya, photo("d"));
    batch.deliver();
    CHECK(networks.at_once == std::vector<std::size_t>{3, 1});
    CHECK(networks.confidences() == std::vector<double>{1, 2, 1, 3, 4, 4});
}
