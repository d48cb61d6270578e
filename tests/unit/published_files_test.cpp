// SPDX-License-Identifier: Apache-2.0
#include "download/published_files.hpp"

#include "speciesnet/download.hpp"
#include "speciesnet/error.hpp"

#include "temporary_folder.hpp"

#include <array>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

namespace speciesnet {
namespace {

// The SHA-256 and MD5 of "abc". Sources: FIPS 180-4, example; RFC 1321, A.5.
constexpr std::string_view abc_sha256 =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view abc_md5 = "900150983cd24fb0d6963f7d28e17f72";

const std::array<PublishedFile, 4> table{{{"both.pt", 3, abc_md5, abc_sha256, {}},
                                          {"md5.pt", {}, abc_md5, {}, {}},
                                          {"size.pt", 3, {}, {}, {}},
                                          {"some.pt", {}, {}, abc_sha256, "1.0a 2.0a"}}};

Publication publication(const std::string& path, std::string_view content,
                        std::string_view version = "4.0.1a") {
    return identify(path, content, version, table).publication;
}

bool is_hexadecimal(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

TEST_CASE("a published file is recognised by its checksum, under any name") {
    const auto found = identify("https___host_path_both.pt", "abc", "4.0.1a", table);
    CHECK(found.path == "https___host_path_both.pt");
    CHECK(found.publication == Publication::published);
    CHECK(found.published_name == "both.pt");
    CHECK(publication("renamed.pt", "abc") == Publication::published);
    CHECK(publication("md5.pt", "abc") == Publication::published);
}

TEST_CASE("a file that has a published name, but other content, is not the published one") {
    const auto found = identify("https___host_path_both.pt", "abd", "4.0.1a", table);
    CHECK(found.publication == Publication::not_published);
    CHECK(found.published_name == "both.pt");
    CHECK(publication("md5.pt", "abd") == Publication::not_published);
    CHECK(publication("size.pt", "abcd") == Publication::not_published);
    CHECK(publication("both.pt", "abcd") == Publication::not_published);
}

TEST_CASE("files with other names, or without a known checksum, are not identified") {
    CHECK(publication("other.pt", "abd") == Publication::not_known);
    CHECK(publication("notboth.pt", "abd") == Publication::not_known);
    CHECK(identify("other.pt", "abd", "4.0.1a", table).published_name.empty());
    // The size alone is not sufficient.
    CHECK(publication("size.pt", "abd") == Publication::not_known);
}

TEST_CASE("another version of a package may have another file of the same name") {
    CHECK(publication("some.pt", "abd", "2.0a") == Publication::not_published);
    CHECK(publication("some.pt", "abd", "3.0a") == Publication::not_known);
    CHECK(publication("some.pt", "abd", "0a") == Publication::not_known);
    CHECK(publication("some.pt", "abc", "3.0a") == Publication::published);
}

TEST_CASE("the known checksums are well-formed, and each file has one or a size") {
    CHECK(published_files().size() >= 11);
    for (const auto& file : published_files()) {
        CAPTURE(file.name);
        CHECK(file.name.ends_with(".pt"));
        CHECK((file.md5.empty() || file.md5.size() == 32));
        CHECK((file.sha256.empty() || file.sha256.size() == 64));
        CHECK(is_hexadecimal(file.md5));
        CHECK(is_hexadecimal(file.sha256));
        CHECK((file.bytes || !file.md5.empty() || !file.sha256.empty()));
    }
}

TEST_CASE("both networks of a package are identified") {
    const TemporaryFolder folder;
    folder.write("info.json",
                 R"({"version": "4.0.1a", "type": "always_crop",
                     "classifier": "always_crop_99710272_22x8_v12_epoch_00148.pt",
                     "classifier_labels": "labels", "detector": "https://host/md_v5a.0.0.pt",
                     "taxonomy": "taxonomy", "geofence": "geofence"})");
    CHECK_THROWS_AS(identify_networks(folder.path()), ModelError);
    folder.write("https___host_md_v5a.0.0.pt", "abc");
    folder.write("always_crop_99710272_22x8_v12_epoch_00148.pt", "abc");
    const auto networks = identify_networks(folder.path());
    REQUIRE(networks.size() == 2);
    CHECK(networks[0].path == "https___host_md_v5a.0.0.pt");
    CHECK(networks[0].publication == Publication::not_published);
    CHECK(networks[0].published_name == "md_v5a.0.0.pt");
    CHECK(networks[1].publication == Publication::not_published);
    CHECK(networks[1].published_name == "always_crop_99710272_22x8_v12_epoch_00148.pt");
}

}  // namespace speciesnet
