// Images that are something else as well.
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

/// The end of a ZIP's directory of `size` bytes at `offset`, both below 256.
std::string zip_end(unsigned char size, unsigned char offset) {
    return "PK\x05\x06"s + std::string(8, '\0') + static_cast<char>(size) + std::string(3, '\0') +
           static_cast<char>(offset) + std::string(3, '\0') + std::string(2, '\0');
}

}  // namespace

TEST_CASE("an image that an archiver opens is an archive") {
    CHECK(disguise_of(image + zip_end(46, 9)) == "ZIP archive");
    CHECK(disguise_of(image + zip_end(46, 9) + "a comment") == "ZIP archive");
    CHECK(disguise_of(image + "Rar!\x1a\x07\x01\x00"s) == "RAR archive");
    CHECK(disguise_of(image + "7z\xbc\xaf\x27\x1c") == "7-Zip archive");
}

TEST_CASE("an image with a PDF's first line is a PDF") {
    CHECK(disguise_of(image.substr(0, 1000) + "%PDF-1.7") == "PDF document");
    CHECK(disguise_of(image + "%PDF-1.7") == "none");
}

TEST_CASE("other bytes in or after an image are its own business") {
    CHECK(disguise_of("") == "none");
    CHECK(disguise_of(image) == "none");
    CHECK(disguise_of(image + "\0\0\0\x18"
                              "ftypmp42"s) == "none");
    CHECK(disguise_of(image + "PK\x05\x06") == "none");
    CHECK(disguise_of("PK\x05\x06") == "none");
    CHECK(disguise_of(zip_end(255, 255)) == "none");
    CHECK(disguise_of(zip_end(0, 0) + std::string(70'000, 'x')) == "none");
}
