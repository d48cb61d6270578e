// SPDX-License-Identifier: Apache-2.0
// Media and images through the C ABI.
#include "handles.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>

using namespace speciesnet::capi_test;

namespace {

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a photo is recognised from its bytes") {
    const auto bytes = bytes_of(demo_photo("zebra.jpg"));
    speciesnet_media_info info;
    speciesnet_error error;
    REQUIRE(speciesnet_media_validate(bytes.data(), bytes.size(), "image/png", nullptr, &info,
                                      &error) == SPECIESNET_OK);
    CHECK(info.type == SPECIESNET_MEDIA_JPEG);
    CHECK(speciesnet_media_type_name(info.type) == std::string("image/jpeg"));
    CHECK(info.width > 0);
    CHECK(info.height > 0);
}

TEST_CASE("each kind of invalid image has its own status") {
    const std::string text = "not an image";
    const auto photo = bytes_of(demo_photo("zebra.jpg"));
    const auto status = [](const std::string& bytes, const char* type,
                           const speciesnet_decode_limits* limits) {
        return speciesnet_media_validate(bytes.data(), bytes.size(), type, limits, nullptr,
                                         nullptr);
    };
    speciesnet_decode_limits limits;
    speciesnet_decode_limits_init(&limits, sizeof limits);
    limits.max_bytes = photo.size() - 1;
    CHECK(status(text, nullptr, nullptr) == SPECIESNET_ERROR_MEDIA_TYPE_MISMATCH);
    CHECK(status(photo, "text/plain", nullptr) == SPECIESNET_ERROR_UNSUPPORTED_MEDIA_TYPE);
    CHECK(status(photo, nullptr, &limits) == SPECIESNET_ERROR_MEDIA_TOO_LARGE);
    CHECK(status(photo, nullptr, nullptr) == SPECIESNET_OK);
}

TEST_CASE("bytes and file of one photo give the same pixels") {
    const auto path = demo_photo("zebra.jpg");
    const auto bytes = bytes_of(path);
    speciesnet_image* decoded = nullptr;
    speciesnet_image* read = nullptr;
    REQUIRE(speciesnet_image_decode(bytes.data(), bytes.size(), nullptr, nullptr, &decoded,
                                    nullptr) == SPECIESNET_OK);
    const ImageHandle first(decoded);
    REQUIRE(speciesnet_image_decode_file(path.c_str(), nullptr, &read, nullptr) == SPECIESNET_OK);
    const ImageHandle second(read);
    REQUIRE(speciesnet_image_width(decoded) == speciesnet_image_width(read));
    REQUIRE(speciesnet_image_height(decoded) == speciesnet_image_height(read));
    const auto size = static_cast<std::size_t>(speciesnet_image_width(read)) * 3 *
                      static_cast<std::size_t>(speciesnet_image_height(read));
    CHECK(std::equal(speciesnet_image_pixels(decoded), speciesnet_image_pixels(decoded) + size,
                     speciesnet_image_pixels(read)));
}

TEST_CASE("an image and a prediction say that the photo was truncated") {
    const auto photo = bytes_of(demo_photo("zebra.jpg"));
    for (const bool whole : {true, false}) {
        speciesnet_image* image = nullptr;
        REQUIRE(speciesnet_image_decode(photo.data(), whole ? photo.size() : photo.size() / 2,
                                        "image/jpeg", nullptr, &image, nullptr) == SPECIESNET_OK);
        const ImageHandle owner(image);
        CHECK(speciesnet_image_truncated(image) == (whole ? 0 : 1));
        auto instance = file_instance("photo");
        instance.image = image;
        speciesnet_predictions* predictions = nullptr;
        REQUIRE(speciesnet_ensemble_predict(demo(), &instance, 1, nullptr, &predictions, nullptr) ==
                SPECIESNET_OK);
        CHECK(speciesnet_prediction_truncated(speciesnet_predictions_at(predictions, 0)) ==
              (whole ? 0 : 1));
        speciesnet_predictions_free(predictions);
    }
}

TEST_CASE("raw pixels are taken row by row at their stride") {
    // Two rows of one pixel, five bytes apart.
    const std::array<std::uint8_t, 8> pixels{1, 2, 3, 99, 99, 4, 5, 6};
    speciesnet_image* image = nullptr;
    REQUIRE(speciesnet_image_from_rgb(pixels.data(), 1, 2, 5, nullptr, nullptr, &image, nullptr) ==
            SPECIESNET_OK);
    const ImageHandle owner(image);
    const std::array<std::uint8_t, 6> expected{1, 2, 3, 4, 5, 6};
    CHECK(std::equal(expected.begin(), expected.end(), speciesnet_image_pixels(image)));
}

TEST_CASE("lent pixels are used in place and released once in all cases") {
    const std::array<std::uint8_t, 8> pixels{1, 2, 3, 99, 99, 4, 5, 6};
    const auto lend = [&](std::int32_t width, std::int32_t height, std::size_t stride,
                          int& released) {
        speciesnet_image* image = nullptr;
        speciesnet_image_from_rgb(
            pixels.data(), width, height, stride,
            [](void* user_data) { ++*static_cast<int*>(user_data); }, &released, &image, nullptr);
        return ImageHandle(image);
    };
    int used = 0;
    auto image = lend(1, 2, 3, used);
    CHECK(speciesnet_image_pixels(image.get()) == pixels.data());
    CHECK(used == 0);
    image.reset();
    CHECK(used == 1);

    int copied = 0;
    image = lend(1, 2, 5, copied);
    CHECK(copied == 1);
    CHECK(speciesnet_image_pixels(image.get())[3] == 4);
    image.reset();
    CHECK(copied == 1);

    int refused = 0;
    CHECK(lend(0, 2, 3, refused) == nullptr);
    CHECK(refused == 1);
    speciesnet_image_from_rgb(
        pixels.data(), 1, 2, 3, [](void* user_data) { ++*static_cast<int*>(user_data); }, &refused,
        nullptr, nullptr);
    CHECK(refused == 2);
}

TEST_CASE("contradictory sizes are refused") {
    const std::array<std::uint8_t, 6> pixels{};
    speciesnet_image* image = nullptr;
    const auto status = [&](std::int32_t width, std::int32_t height, std::size_t stride) {
        return speciesnet_image_from_rgb(pixels.data(), width, height, stride, nullptr, nullptr,
                                         &image, nullptr);
    };
    CHECK(status(0, 1, 3) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(1, -1, 3) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(status(2, 1, 5) == SPECIESNET_ERROR_INVALID_ARGUMENT);
    CHECK(image == nullptr);
}

TEST_CASE("a file that does not exist is not found") {
    speciesnet_image* image = nullptr;
    speciesnet_error error;
    CHECK(speciesnet_image_decode_file("/nowhere/photo.jpg", nullptr, &image, &error) ==
          SPECIESNET_ERROR_NOT_FOUND);
    CHECK(image == nullptr);
    CHECK(std::string(error.message).find("/nowhere/photo.jpg") != std::string::npos);
}
