// SPDX-License-Identifier: Apache-2.0
// Compares the stages before and after the networks with the reference's, on noise, as recorded by
// scripts/oracle_vectors/stages.py. Results must be bit-identical.
#include "speciesnet/image.hpp"

#include "detector/box_scaling.hpp"
#include "detector/non_maximum_suppression.hpp"
#include "preprocess/crop_resize.hpp"
#include "preprocess/letterbox.hpp"
#include "sha256.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace speciesnet;
using Json = nlohmann::json;

namespace {

/// Returns pseudo-random 32-bit integers, the same as the script's.
std::vector<std::uint32_t> noise(std::uint32_t seed, std::size_t count) {
    std::vector<std::uint32_t> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t value = (static_cast<std::uint32_t>(i) + seed * 7919) * 2654435761U;
        value = (value ^ value >> 15) * 2246822519U;
        values[i] = value ^ value >> 13;
    }
    return values;
}

Image picture(std::uint32_t seed, int width, int height) {
    const auto values =
        noise(seed, static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    std::vector<std::uint8_t> rgb;
    for (const auto value : values) {
        rgb.push_back(static_cast<std::uint8_t>(value));
    }
    return Image::from_rgb(width, height, rgb);
}

constexpr std::size_t columns = 8;

/// Returns boxes anywhere on 1280 × 960 pixels.
std::vector<float> random_rows(std::uint32_t seed, std::size_t count) {
    const auto values = noise(seed, count * columns);
    std::vector<float> rows(values.size());
    for (std::size_t i = 0; i < rows.size(); i += columns) {
        rows[i] = static_cast<float>(values[i] % 20480) / 16;
        rows[i + 1] = static_cast<float>(values[i + 1] % 15360) / 16;
        for (std::size_t side = 2; side < 4; ++side) {
            rows[i + side] = static_cast<float>(values[i + side] % 9600) / 32;
        }
        rows[i + 4] = static_cast<float>(values[i + 4] % 1048576) / 1048576;
        for (std::size_t score = 5; score < columns; ++score) {
            rows[i + score] = static_cast<float>(values[i + score] % 65) / 64;
        }
    }
    return rows;
}

/// Returns pairs of boxes whose overlap is the threshold up to rounding; different pairs do not
/// overlap.
std::vector<float> threshold_rows(std::uint32_t seed, std::size_t pairs) {
    const auto values = noise(seed, pairs * columns);
    std::vector<float> rows(2 * pairs * columns);
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        const float side = static_cast<float>(values[pair * columns] % 20000) / 1000 + 20;
        float* const first = rows.data() + pair * columns;
        first[0] = static_cast<float>(pair % 14 * 90 + 25) + side / 64;
        first[1] = static_cast<float>(pair / 14 * 90 + 45);
        first[2] = side;
        first[3] = side;
        first[4] = 1;
        first[5 + values[pair * columns + 1] % 3] = static_cast<float>(pair + 512) / 1024;
        float* const second = first + pairs * columns;
        std::copy_n(first, columns, second);
        second[0] += side * 0.55F / 1.45F;
        second[4] = 0.75F;
    }
    return rows;
}

std::vector<float> rows_of(const Json& vector) {
    const std::string kind = vector["kind"];
    if (kind == "random") {
        return random_rows(vector["seed"], vector["count"]);
    }
    return kind == "pairs" ? threshold_rows(vector["seed"], vector["count"])
                           : vector["rows"].get<std::vector<float>>();
}

std::vector<Json> vectors(const char* name) {
    std::ifstream file(std::string(SPECIESNET_FIXTURES "/") + name);
    std::vector<Json> cases;
    for (std::string line; std::getline(file, line);) {
        cases.push_back(Json::parse(line));
    }
    return cases;
}

/// Returns "null" if there is no crop, for which the reference fails.
Json digest(const std::optional<Crop>& crop) {
    return crop ? Json(sha256(*crop)) : Json();
}

}  // namespace

TEST_CASE("letterbox and crops of noise equal the reference's") {
    const auto cases = vectors("preprocess_vectors.jsonl");
    REQUIRE(cases.size() >= 70);
    for (const auto& expected : cases) {
        CAPTURE(expected);
        const Image image = picture(expected["seed"], expected["size"][0], expected["size"][1]);
        const Letterboxed boxed = letterbox(image);
        CHECK(Json({boxed.width, boxed.height}) == expected["letterbox_size"]);
        CHECK(Json(sha256(boxed.rgb)) == expected["letterbox"]);
        CHECK(digest(crop_resize_full_image(image)) == expected["full_image"]);
        const auto& box = expected["bbox"];
        CHECK(digest(crop_resize(image, {box[0], box[1], box[2], box[3]})) == expected["crop"]);
    }
}

TEST_CASE("kept boxes and their position on the photo equal the reference's") {
    const auto cases = vectors("detector_vectors.jsonl");
    REQUIRE(cases.size() >= 15);
    for (const auto& expected : cases) {
        CAPTURE(expected["kind"]);
        CAPTURE(expected["size"]);
        const auto boxes = non_maximum_suppression(rows_of(expected), columns - 5);
        const PixelSize photo{expected["size"][0], expected["size"][1]};
        const Letterboxed boxed = letterbox(picture(0, photo.width, photo.height));
        const auto detections = scale_to_photo(boxes, {boxed.width, boxed.height}, photo);
        REQUIRE(detections.size() == expected["detections"].size());
        for (std::size_t i = 0; i < detections.size(); ++i) {
            const auto& [category, conf, bbox] = detections[i];
            CAPTURE(i);
            CHECK(Json({static_cast<int>(category), conf, bbox.xmin, bbox.ymin, bbox.width,
                        bbox.height}) == expected["detections"][i]);
        }
    }
}
