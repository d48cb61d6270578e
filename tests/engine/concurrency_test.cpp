// SPDX-License-Identifier: Apache-2.0
// Several threads may use one Ensemble, and the caller's own settings do not change.
#include "speciesnet/speciesnet.hpp"

#include "demo_photos.hpp"

#include <thread>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("several threads on one Ensemble get the same answers as one thread") {
    const auto ensemble = Ensemble::load("demo");
    std::vector<Image> images;
    std::vector<Prediction> expected;
    for (const auto& instance : demo_photos()) {
        images.push_back(decode_file(instance.filepath));
        expected.push_back(ensemble.predict(images.back()));
    }
    std::vector<std::vector<Prediction>> results(4);
    {
        std::vector<std::jthread> threads;
        for (auto& result : results) {
            threads.emplace_back([&] {
                for (const auto& image : images) {
                    result.push_back(ensemble.predict(image));
                }
            });
        }
    }
    for (const auto& result : results) {
        CHECK(result == expected);
    }
}

TEST_CASE(
    "photos get the same answers with 64 threads, which detect several at once, as with one") {
    const auto photos = demo_photos();
    CHECK(Ensemble::load("demo", {.threads = 64}).predict(photos) ==
          Ensemble::load("demo", {.threads = 1}).predict(photos));
}

TEST_CASE("an Ensemble uses the requested number of threads, by default one for each core") {
    CHECK(Ensemble::load("demo", {.threads = 1}).threads() == 1);
    CHECK(Ensemble::load("demo").threads() >= 1);
}

TEST_CASE("a copy outlives the original") {
    const auto copy = [] {
        const auto original = Ensemble::load("demo");
        return original;
    }();
    CHECK(copy.info().demo);
    CHECK_NOTHROW(copy.detect(Image::from_rgb(8, 8, std::vector<std::uint8_t>(8 * 8 * 3))));
}
