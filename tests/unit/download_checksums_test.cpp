// SPDX-License-Identifier: Apache-2.0
#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"

#include "download/checksums.hpp"
#include "download/digest.hpp"
#include "download/download_file.hpp"
#include "rejects.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

namespace speciesnet {
namespace {

// The SHA-256 of "abc". Source: FIPS 180-4, example.
const std::string abc_sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
// The MD5 of "abc". Source: RFC 1321, A.5.
const std::string abc_md5 = "900150983cd24fb0d6963f7d28e17f72";

}  // namespace

TEST_CASE("digests match the examples of the standards") {
    CHECK(digest_of("abc", DigestAlgorithm::sha256) == abc_sha256);
    CHECK(digest_of("abc", DigestAlgorithm::md5) == abc_md5);
    CHECK(digest_of("", DigestAlgorithm::sha256).starts_with("e3b0c442"));
    const TemporaryFolder folder;
    CHECK(digest_of_file(folder.write("a", "abc"), DigestAlgorithm::sha256) == abc_sha256);
}

TEST_CASE("the MD5 of Google's storage is decoded from base64") {
    const auto checksum = goog_md5("crc32c=n03x6A==,md5=kAFQmDzST7DWlj99KOF/cg==");
    REQUIRE(checksum.has_value());
    CHECK(checksum->algorithm == DigestAlgorithm::md5);
    CHECK(checksum->hexadecimal == abc_md5);
    CHECK_FALSE(goog_md5("crc32c=n03x6A==").has_value());
    CHECK_FALSE(goog_md5("md5=short").has_value());
    CHECK_FALSE(goog_md5("").has_value());
}

TEST_CASE("SHA256SUMS lists every file and is read back") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() + "/sub");
    folder.write("b", "abc");
    folder.write("sub/a", "abc");
    folder.write("SHA256SUMS", "not listed");
    const auto text = format_checksums(compute_checksums(folder.path(), "hf:a/b"));
    CHECK(text == "# hf:a/b\n" + abc_sha256 + "  b\n" + abc_sha256 + "  sub/a\n");
    const auto read = parse_checksums(text, "SHA256SUMS");
    CHECK(read.model == "hf:a/b");
    REQUIRE(read.files.size() == 2);
    CHECK(read.files[1].path == "sub/a");
    CHECK(read.files[1].sha256 == abc_sha256);
}

TEST_CASE("a damaged SHA256SUMS is refused") {
    for (const auto& line :
         {abc_sha256 + "  ../b", abc_sha256 + " b", abc_sha256 + "  ", abc_sha256.substr(1) + "  b",
          std::string("x") + abc_sha256.substr(1) + "  b", std::string("b")}) {
        CAPTURE(line);
        CHECK(rejects([&] { parse_checksums(line + "\n", "SHA256SUMS"); }, "not a list"));
    }
}

TEST_CASE("verification names files that are changed, missing or new") {
    const TemporaryFolder folder;
    folder.write("changed", "abc");
    folder.write("intact", "abc");
    folder.write("missing", "abc");
    folder.write("SHA256SUMS", format_checksums(compute_checksums(folder.path(), "m")));
    folder.write("changed", "abd");
    std::filesystem::remove(folder.path() + "/missing");
    folder.write("new", "x");
    folder.write("new.avx2-fp32.compiled", "x");  // Compiled here on purpose, not downloaded.
    const auto files = verify_package(folder.path());
    REQUIRE(files.size() == 4);
    CHECK(files[0].path == "changed");
    CHECK(files[0].condition == FileCondition::changed);
    CHECK(files[1].path == "intact");
    CHECK(files[1].condition == FileCondition::intact);
    CHECK(files[2].path == "missing");
    CHECK(files[2].condition == FileCondition::missing);
    CHECK(files[3].path == "new");
    CHECK(files[3].condition == FileCondition::unrecorded);
}

TEST_CASE("a folder without SHA256SUMS cannot be verified") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(verify_package(folder.path()), IoError);
}

}  // namespace speciesnet
