// SPDX-License-Identifier: Apache-2.0
// Photos are identified by their digest, and memory stays bounded.
#include "ensemble/seen_photos.hpp"

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// Returns a photo with this many detections.
SeenPhoto photo(std::size_t detections) {
    return {.results = {.detections = std::vector<Detection>(detections), .classified = {}},
            .failure_reason = {}};
}

std::size_t detections_of(const SeenPhotos& photos, const std::string& digest) {
    const auto* const found = photos.find(digest);
    return found == nullptr ? 0 : found->results.detections->size();
}

}  // namespace

TEST_CASE("a photo is found by its digest and by no other") {
    SeenPhotos photos(100);
    photos.keep("a", photo(3));
    photos.keep("b", photo(4));
    CHECK(detections_of(photos, "a") == 3);
    CHECK(detections_of(photos, "b") == 4);
    CHECK(photos.find("c") == nullptr);
}

TEST_CASE("the first result for a photo is kept") {
    SeenPhotos photos(100);
    photos.keep("a", photo(3));
    photos.keep("a", photo(4));
    CHECK(detections_of(photos, "a") == 3);
}

TEST_CASE("photos without a digest are never duplicates") {
    SeenPhotos photos(100);
    photos.keep("", photo(3));
    CHECK(photos.find("") == nullptr);
}

TEST_CASE("the oldest photo is evicted when there are too many detections") {
    SeenPhotos photos(12);
    photos.keep("a", photo(3));  // 4 including the photo itself
    photos.keep("b", photo(3));
    photos.keep("c", photo(3));
    CHECK(photos.find("a") != nullptr);
    photos.keep("d", photo(1));
    CHECK(photos.find("a") == nullptr);
    CHECK(detections_of(photos, "b") == 3);
    CHECK(detections_of(photos, "d") == 1);
}

TEST_CASE("a photo that alone exceeds the capacity is not kept and evicts nothing") {
    SeenPhotos photos(12);
    photos.keep("a", photo(3));
    photos.keep("b", photo(12));
    CHECK(photos.find("b") == nullptr);
    CHECK(photos.find("a") != nullptr);
}

TEST_CASE("labels count as detections do") {
    SeenPhotos photos(12);
    auto labelled = photo(1);
    labelled.results.classified.emplace(1);
    labelled.results.classified->front().classification.emplace().classes.resize(10);
    photos.keep("a", labelled);
    CHECK(photos.find("a") == nullptr);
    labelled.results.classified->front().classification->classes.resize(5);
    photos.keep("a", labelled);
    CHECK(photos.find("a") != nullptr);
}
