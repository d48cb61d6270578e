// SPDX-License-Identifier: Apache-2.0
// Validation: which images are accepted, and why others are refused.
#include "speciesnet/media.hpp"

#include "speciesnet/error.hpp"
#include "speciesnet/image.hpp"

#include "image_fixtures.hpp"

#include <filesystem>
#include <initializer_list>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

ErrorCode code_of(std::span<const std::byte> bytes,
                  std::optional<std::string_view> declared = std::nullopt,
                  const DecodeLimits& limits = {}) {
    try {
        validate(bytes, declared, limits);
    } catch (const InvalidImage& error) {
        return error.code();
    }
    return ErrorCode::internal;
}

/// Returns the bytes of an image with some of them replaced.
std::vector<std::byte> altered(const std::string& name, std::size_t at,
                               std::initializer_list<int> values) {
    std::vector<std::byte> bytes = picture(name);
    for (const int value : values) {
        bytes.at(at++) = static_cast<std::byte>(value);
    }
    return bytes;
}

std::size_t position(const std::vector<std::byte>& bytes, std::initializer_list<int> pattern) {
    const auto same = [](std::byte a, int b) { return a == static_cast<std::byte>(b); };
    const auto found =
        std::search(bytes.begin(), bytes.end(), pattern.begin(), pattern.end(), same);
    REQUIRE(found != bytes.end());
    return static_cast<std::size_t>(found - bytes.begin());
}

}  // namespace

TEST_CASE("the content determines the type of an image") {
    const auto type_of = [](const char* name) { return validate(picture(name)).type; };
    CHECK(type_of("jpeg_420.jpg") == MediaType::jpeg);
    CHECK(type_of("jpeg_mpo.jpg") == MediaType::jpeg);
    CHECK(type_of("png_grey1.png") == MediaType::png);
    CHECK(type_of("gif_interlaced.gif") == MediaType::gif);
    CHECK(type_of("bmp_24_top_down.bmp") == MediaType::bmp);
    CHECK(type_of("webp_lossy.webp") == MediaType::webp);
    CHECK(type_of("tiff_lzw_rgb.tif") == MediaType::tiff);
}

TEST_CASE("media types have their IANA names") {
    CHECK(media_type_name(MediaType::jpeg) == "image/jpeg");
    CHECK(media_type_name(MediaType::png) == "image/png");
    CHECK(media_type_name(MediaType::gif) == "image/gif");
    CHECK(media_type_name(MediaType::bmp) == "image/bmp");
    CHECK(media_type_name(MediaType::webp) == "image/webp");
    CHECK(media_type_name(MediaType::tiff) == "image/tiff");
}

TEST_CASE("the size is that of the stored pixels, before EXIF orientation") {
    const MediaInfo info = validate(picture("jpeg_exif6_big_endian.jpg"));
    CHECK(info.width == 24);
    CHECK(info.height == 17);
}

TEST_CASE("a declared type must be an image, but need not be the right one") {
    const auto jpeg = picture("jpeg_420.jpg");
    CHECK(code_of(jpeg, "text/html") == ErrorCode::unsupported_media_type);
    CHECK(code_of(jpeg, "application/octet-stream") == ErrorCode::unsupported_media_type);
    CHECK(code_of(jpeg, "") == ErrorCode::unsupported_media_type);
    CHECK_NOTHROW(validate(jpeg, "image/jpeg"));
    CHECK_NOTHROW(validate(jpeg, "image/png"));
    CHECK_NOTHROW(validate(jpeg, "IMAGE/PJPEG; name=photo.jpg"));
}

TEST_CASE("the declared type is checked before the content") {
    CHECK(code_of(picture("not_an_image.jpg"), "text/plain") == ErrorCode::unsupported_media_type);
}

TEST_CASE("content that is not an image is a mismatch") {
    CHECK(code_of({}) == ErrorCode::media_type_mismatch);
    CHECK(code_of(picture("not_an_image.jpg")) == ErrorCode::media_type_mismatch);
    CHECK(code_of(altered("jpeg_420.jpg", 0, {0x00})) == ErrorCode::media_type_mismatch);
    CHECK(code_of(altered("png_grey1.png", 4, {'\n'})) == ErrorCode::media_type_mismatch);
}

TEST_CASE("an image with a damaged header is undecodable") {
    CHECK(code_of(picture("png_damaged_header.png")) == ErrorCode::undecodable_image);
    CHECK(code_of(picture("jpeg_truncated_in_header.jpg")) == ErrorCode::undecodable_image);
    CHECK(code_of(picture("webp_truncated.webp")) == ErrorCode::undecodable_image);
}

TEST_CASE("more bytes than the limit are refused") {
    const auto jpeg = picture("jpeg_420.jpg");
    CHECK(code_of(jpeg, std::nullopt, {.max_bytes = jpeg.size() - 1}) ==
          ErrorCode::media_too_large);
    CHECK_NOTHROW(validate(jpeg, std::nullopt, {.max_bytes = jpeg.size()}));
}

TEST_CASE("headers that claim enormous images are refused without decoding") {
    // Offsets of width and height in the formats' headers.
    const auto jpeg = picture("jpeg_420.jpg");
    const std::size_t start_of_frame = position(jpeg, {0xFF, 0xC0});
    CHECK(code_of(altered("jpeg_420.jpg", start_of_frame + 5, {0xFF, 0xDC, 0xFF, 0xDC})) ==
          ErrorCode::media_too_large);
    CHECK(code_of(altered("bmp_24_top_down.bmp", 18, {0, 0, 1, 0, 0, 0, 1, 0})) ==
          ErrorCode::media_too_large);
    CHECK(code_of(altered("gif_interlaced.gif", 6, {0xFF, 0xFF, 0xFF, 0xFF})) ==
          ErrorCode::media_too_large);
    const auto tiff = picture("tiff_rgb8_premultiplied.tif");
    const std::size_t width = position(tiff, {0, 1, 4, 0, 1, 0, 0, 0});
    CHECK(code_of(altered("tiff_rgb8_premultiplied.tif", width + 8,
                          {0, 0, 1, 0, 1, 1, 4, 0, 1, 0, 0, 0, 0, 0, 1, 0})) ==
          ErrorCode::media_too_large);
}

TEST_CASE("an image without pixels is undecodable") {
    CHECK(code_of(altered("bmp_24_top_down.bmp", 18, {0, 0, 0, 0})) ==
          ErrorCode::undecodable_image);
}

TEST_CASE("validate and decode agree on every image") {
    for (const auto& file : std::filesystem::directory_iterator(SPECIESNET_FIXTURES "/images")) {
        const std::string name = file.path().filename().string();
        CAPTURE(name);
        const std::vector<std::byte> bytes = picture(name);
        std::optional<Image> image;
        try {
            image = decode(bytes);
        } catch (const InvalidImage&) {
            continue;
        }
        const MediaInfo info = validate(bytes);
        const bool upright = image->width() == info.width && image->height() == info.height;
        const bool lying = image->width() == info.height && image->height() == info.width;
        CHECK((upright || lying));
    }
}
