// SPDX-License-Identifier: Apache-2.0
// Compares all test photos, stage by stage, with the SHA-256 of the reference's arrays.
#include "speciesnet/error.hpp"
#include "speciesnet/image.hpp"

#include "preprocess/crop_resize.hpp"
#include "preprocess/letterbox.hpp"
#include "sha256.hpp"
#include "shared_fixtures.hpp"

#include <doctest/doctest.h>

using namespace speciesnet;
using conformance::shared_fixtures;
using conformance::shared_json;

namespace {

BoundingBox box_of(const nlohmann::ordered_json& xywh) {
    return {xywh[0], xywh[1], xywh[2], xywh[3]};
}

}  // namespace

TEST_CASE("every photo gives the reference's pixels, letterbox and crops") {
    const auto goldens = shared_json("goldens/preprocess_hashes.json");
    REQUIRE(goldens["images"].size() > 30);
    for (const auto& [name, golden] : goldens["images"].items()) {
        const auto& photo = name;
        CAPTURE(photo);
        if (golden.is_null()) {
            CHECK_THROWS_AS(decode_file(shared_fixtures() / name), InvalidImage);
            continue;
        }
        const Image image = decode_file(shared_fixtures() / name);
        CHECK(image.width() == golden["size_wh"][0]);
        CHECK(image.height() == golden["size_wh"][1]);
        CHECK(sha256(image.pixels()) == golden["rgb_sha256"].get<std::string>());

        const Letterboxed boxed = letterbox(image);
        CHECK(boxed.height == golden["letterbox_shape"][0]);
        CHECK(boxed.width == golden["letterbox_shape"][1]);
        CHECK(sha256(boxed.rgb) == golden["letterbox_sha256"].get<std::string>());

        CHECK(sha256(crop_resize_full_image(image).value()) ==
              golden["full_image_crop_sha256"].get<std::string>());
        CHECK(sha256(crop_resize(image, box_of(golden["first_crop_bbox"])).value()) ==
              golden["first_crop_sha256"].get<std::string>());
        CHECK(sha256(crop_resize(image, box_of(golden["fixed_crop_bbox"])).value()) ==
              golden["fixed_crop_sha256"].get<std::string>());
    }
}
