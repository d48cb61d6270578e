// SPDX-License-Identifier: Apache-2.0
// Images that are also files of another kind.
#include "disguise.hpp"

#include <span>
#include <string>

#include <doctest/doctest.h>

using namespace server;
using namespace std::string_literals;

namespace {

std::string disguise_of(const std::string& bytes) {
    return std::string(disguised_format(std::as_bytes(std::span(bytes))).value_or("none"));
}

const std::string image = "\xff\xd8\xff\xe0" + std::string(3000, 'x');

std::string zeros_of(std::size_t count) {
    return std::string(count, '\0');
}

/// Returns the end of a ZIP's directory of `size` bytes at `offset`, both below 256.
std::string zip_end(unsigned char size, unsigned char offset) {
    return "PK\x05\x06"s + std::string(8, '\0') + static_cast<char>(size) + std::string(3, '\0') +
           static_cast<char>(offset) + std::string(3, '\0') + std::string(2, '\0');
}

}  // namespace

TEST_CASE("an image that archivers can open is an archive") {
    CHECK(disguise_of(image + zip_end(46, 9)) == "ZIP archive");
    CHECK(disguise_of(image + zip_end(46, 9) + "a comment") == "ZIP archive");
    CHECK(disguise_of(image + "Rar!\x1a\x07\x01\x00"s) == "RAR archive");
    CHECK(disguise_of(image + "7z\xbc\xaf\x27\x1c") == "7-Zip archive");
}

TEST_CASE("an archive of ZIP64, or one on several disks, is an archive") {
    const std::string ones(4, '\xff');
    const std::string zeros(4, '\0');
    const auto end = [](const std::string& disks, const std::string& size,
                        const std::string& offset) {
        return "PK\x05\x06"s + disks + zeros_of(4) + size + offset + zeros_of(2);
    };
    CHECK(disguise_of(image + end(zeros, ones, zeros)) == "ZIP archive");
    CHECK(disguise_of(image + end(zeros, zeros, ones)) == "ZIP archive");
    CHECK(disguise_of(image + end(ones, ones, ones)) == "ZIP archive");
    CHECK(disguise_of(image + end("\x02\0\x02\0"s, "\x2e\0\0\0"s, zeros)) == "ZIP archive");
    const auto far = "\0\0\0\x7f"s;
    CHECK(disguise_of(image + end(zeros, far, far)) == "none");
    const auto locator = "PK\x06\x07"s + zeros_of(16);
    CHECK(disguise_of(image + locator + end(zeros, far, far)) == "ZIP archive");
}

TEST_CASE("an image with a PDF's first line is a PDF") {
    CHECK(disguise_of(image.substr(0, 1000) + "%PDF-1.7") == "PDF document");
    CHECK(disguise_of(image + "%PDF-1.7") == "none");
}

TEST_CASE("other bytes in or after an image are accepted") {
    CHECK(disguise_of("") == "none");
    CHECK(disguise_of(image) == "none");
    CHECK(disguise_of(image + "\0\0\0\x18"
                              "ftypmp42"s) == "none");
    CHECK(disguise_of(image + "PK\x05\x06") == "none");
    CHECK(disguise_of("PK\x05\x06") == "none");
    CHECK(disguise_of(zip_end(255, 255)) == "none");
    CHECK(disguise_of(zip_end(0, 0) + std::string(70'000, 'x')) == "none");
}
