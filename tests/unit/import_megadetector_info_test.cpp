// SPDX-License-Identifier: Apache-2.0
// The document that releases of MegaDetector append to the file of a network.
#include "import/megadetector_info.hpp"
#include "network_entries.hpp"
#include "rejects.hpp"
#include "system/memory.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

constexpr const char* entry_name = "detector/megadetector_info.json";

std::string network(const char* name) {
    return std::string(
        map_file(std::filesystem::path(SPECIESNET_FIXTURES) / "import" / name).content);
}

std::string detector_with(std::vector<StoredEntry> entries) {
    return with_entries(network("detector.pt"), std::move(entries));
}

std::optional<std::int64_t> size_of(const std::string& bytes) {
    return read_detector_info({bytes, "network.pt", nullptr}).image_size;
}

std::optional<std::int64_t> size_in(const std::string& json) {
    return size_of(detector_with({deflated_entry(entry_name, json)}));
}

}  // namespace

TEST_CASE("the image size is read from MegaDetector's appended document") {
    CHECK(size_in(R"({"model_version_string": "5a.0.1", "image_size": 1280})") == 1280);
    CHECK(size_in(R"({"image_size": 640})") == 640);
    CHECK(size_in(R"({"image_size": -64})") == -64);
    CHECK(size_of(detector_with({{entry_name, R"({"image_size": 640})"}})) == 640);
}

TEST_CASE("a file that does not state the image size has none") {
    CHECK_FALSE(size_in(R"({"model_version_string": "5a.0.1"})"));
    CHECK_FALSE(size_in("no JSON"));
    CHECK_FALSE(size_in("[1280]"));
    CHECK_FALSE(size_of(network("detector.pt")));
    CHECK_FALSE(size_of(network("detector_legacy.pt")));  // Not a zip file.
    CHECK_FALSE(size_of(""));
}

TEST_CASE("the type of a model is read, and may be missing") {
    const auto type_in = [](const std::string& json) {
        const auto bytes = detector_with({deflated_entry(entry_name, json)});
        return read_detector_info({bytes, "network.pt", nullptr}).model_type;
    };
    CHECK(type_in(R"({"model_type": "ultralytics"})") == "ultralytics");
    CHECK(type_in(R"({"model_type": 5})").empty());
    CHECK(type_in(R"({"image_size": 640})").empty());
    CHECK(type_in("[]").empty());
    CHECK(type_in("no JSON").empty());
    const auto plain = network("detector.pt");
    CHECK(read_detector_info({plain, "network.pt", nullptr}).model_type.empty());
}

TEST_CASE("the document is kept unchanged") {
    const std::string json = R"({"image_size": 640, "author": "x"})";
    const auto bytes = detector_with({deflated_entry(entry_name, json)});
    CHECK(read_megadetector_info({bytes, "network.pt", nullptr}) == json);
}

TEST_CASE("an image size that is not an integer, two documents and damage are refused") {
    for (const char* wrong :
         {R"({"image_size": "1280"})", R"({"image_size": 1e9})",
          R"({"image_size": 36893488147419103232})", R"({"image_size": null})"}) {
        CAPTURE(wrong);
        CHECK(rejects([&] { (void)size_in(wrong); },
                      "'network.pt' cannot be read: megadetector_info.json has an image_size that "
                      "is not an integer"));
    }
    CHECK(rejects(
        [] {
            (void)size_of(detector_with(
                {{"a/megadetector_info.json", "{}"}, {"b/megadetector_info.json", "{}"}}));
        },
        "two entries megadetector_info.json"));
    CHECK(rejects([] { (void)size_in(std::string((1U << 16U) + 1, ' ')); }, "cannot be read"));
    CHECK(rejects([] { (void)size_of("PK\3\4"); }, "cannot be read"));
}
