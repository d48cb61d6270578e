// SPDX-License-Identifier: Apache-2.0
// Model packages: each fault has its own clear error.
#include "speciesnet/error.hpp"

#include "model/model_info.hpp"
#include "temporary_folder.hpp"

#include <fstream>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

constexpr std::string_view info_json =
    R"({"version": "1.2", "type": "full_image", "classifier": "c.pt",
    "classifier_labels": "l.txt", "detector": "https://host/a/b.pt?download=1", "taxonomy": "t.txt",
    "geofence": "g.json"})";

template <typename Function>
std::pair<ErrorCode, std::string> error_of(const Function& function) {
    try {
        function();
    } catch (const Error& error) {
        return {error.code(), error.what()};
    }
    return {ErrorCode::internal, "no error"};
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("all keys of info.json are read") {
    const auto info = parse_model_info(info_json, "info.json");
    CHECK(info.version == "1.2");
    CHECK(info.type == ModelType::full_image);
    CHECK(info.classifier == "c.pt");
    CHECK(info.taxonomy == "t.txt");
    CHECK_FALSE(info.demo);
}

TEST_CASE("a detector given as URL is the file saved under its sanitised name") {
    CHECK(parse_model_info(info_json, "info.json").detector == "https___host_a_b.pt");
}

TEST_CASE("a key that is missing from info.json is named") {
    const auto [code, message] =
        error_of([] { parse_model_info(R"({"version": "1"})", "info.json"); });
    CHECK(code == ErrorCode::model_invalid);
    CHECK(contains(message, "\"classifier\""));
}

TEST_CASE("an unknown model type and broken JSON are errors") {
    std::string unknown(info_json);
    unknown.replace(unknown.find("full_image"), 10, "half_image");
    CHECK(contains(error_of([&] { parse_model_info(unknown, "x"); }).second, "half_image"));
    CHECK(error_of([] { parse_model_info("{", "x"); }).first == ErrorCode::model_invalid);
}

TEST_CASE("a missing folder gives not_found, without falling back to the demonstration") {
    CHECK(error_of([] { Package::open("/nonexistent/model"); }).first == ErrorCode::not_found);
}

TEST_CASE("a missing file is named when it is read") {
    const TemporaryFolder folder;
    CHECK(error_of([&] { Package::open(folder.path()); }).first == ErrorCode::model_incomplete);
    folder.write("info.json", info_json);
    const auto package = Package::open(folder.path());
    const auto [code, message] = error_of([&] { (void)package.taxonomy(); });
    CHECK(code == ErrorCode::model_incomplete);
    CHECK(contains(message, "t.txt"));
}

TEST_CASE("a package cannot reach files outside its folder") {
    const TemporaryFolder folder;
    folder.write("info.json", info_json);
    const auto package = Package::open(folder.path());
    for (const auto* name : {"../secret", "/etc/passwd", "..", "", "a/b"}) {
        CHECK(error_of([&] { (void)package.read(name); }).first == ErrorCode::model_invalid);
    }
}

TEST_CASE("the demonstration model is complete and identifies itself") {
    const auto package = Package::open("demo");
    CHECK(package.info().demo);
    CHECK(package.info().version.starts_with("demo"));
    for (const auto& file :
         {package.info().classifier, package.info().detector, package.info().classifier_labels}) {
        CHECK_FALSE(package.read(file).content().empty());
    }
    CHECK(package.taxonomy().size() > 10);
    CHECK(package.geofence().size() > 0);
}
