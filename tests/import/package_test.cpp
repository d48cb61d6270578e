// SPDX-License-Identifier: Apache-2.0
// Exporting complete packages.
#include "speciesnet/error.hpp"
#include "speciesnet/model.hpp"
#include "speciesnet/torchscript_export.hpp"

#include "published_package.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

ErrorCode code_of(const std::filesystem::path& package, const std::filesystem::path& output) {
    try {
        export_package(package, output);
    } catch (const Error& error) {
        return error.code();
    }
    return ErrorCode::internal;
}

}  // namespace

TEST_CASE("an exported package has TorchScript networks and otherwise unchanged files" *
          doctest::test_suite("LibTorch")) {
    const PublishedPackage package;
    const TemporaryFolder place;
    const auto output = std::filesystem::path(place.path()) / "new" / "package";
    std::vector<std::string> told;
    const auto report =
        export_package(package.path(), output,
                       {.progress = [&](std::string_view file) { told.emplace_back(file); }});

    CHECK(told == std::vector<std::string>{PublishedPackage::detector, "classifier.pt"});
    CHECK(report.folder == output);
    REQUIRE(report.networks.size() == 2);
    CHECK(report.networks[0].published == PublishedPackage::detector);
    CHECK(report.networks[0].exported == "detector.torchscript.pt");
    CHECK(report.networks[1].exported == "classifier.torchscript.pt");
    CHECK(report.seconds >= report.networks[0].seconds + report.networks[1].seconds);

    const auto exported = Package::open(output.string());
    CHECK(exported.info().version == "4.0.1a");
    CHECK(exported.info().detector == "detector.torchscript.pt");
    CHECK(exported.info().classifier == "classifier.torchscript.pt");
    CHECK(exported.read("labels.txt").content() == "a\nb\n");
    CHECK(exported.read("taxonomy.txt").content() == "a;b\n");
    CHECK(exported.read("geofence.json").content() == "{}");
    CHECK(exported.read("info.json").content().find("\"extra\"") != std::string_view::npos);
    CHECK(run(output / "classifier.torchscript.pt", test_input({1, 12, 12, 3})).shape ==
          std::vector<std::int64_t>{1, 5});
    // Only the folder remains.
    CHECK(std::distance(std::filesystem::directory_iterator(output.parent_path()), {}) == 1);
}

TEST_CASE("a TorchScript network is copied" * doctest::test_suite("LibTorch")) {
    const PublishedPackage package;
    const TemporaryFolder place;
    const auto once = std::filesystem::path(place.path()) / "once";
    const auto twice = std::filesystem::path(place.path()) / "twice";
    export_package(package.path(), once);
    export_package(once, twice);
    CHECK(bytes_of(once / "detector.torchscript.pt") ==
          bytes_of(twice / "detector.torchscript.pt"));
}

TEST_CASE("a package that cannot be exported leaves nothing behind" *
          doctest::test_suite("LibTorch")) {
    const TemporaryFolder place;
    const auto output = std::filesystem::path(place.path()) / "package";
    SUBCASE("a broken classifier") {
        const PublishedPackage package;
        package.write("classifier.pt", "broken");
        CHECK(code_of(package.path(), output) == ErrorCode::model_invalid);
    }
    SUBCASE("no detector") {
        const PublishedPackage package;
        std::filesystem::remove(package.path() / PublishedPackage::detector);
        CHECK(code_of(package.path(), output) == ErrorCode::model_incomplete);
    }
    SUBCASE("no labels") {
        const PublishedPackage package;
        std::filesystem::remove(package.path() / "labels.txt");
        CHECK(code_of(package.path(), output) == ErrorCode::model_incomplete);
    }
    SUBCASE("labels outside the package") {
        const PublishedPackage package;
        package.write("info.json", R"({"version": "1", "type": "always_crop",
            "classifier": "classifier.pt", "classifier_labels": "../labels.txt",
            "detector": "d.pt", "taxonomy": "taxonomy.txt", "geofence": "geofence.json"})");
        CHECK(code_of(package.path(), output) == ErrorCode::model_invalid);
    }
    SUBCASE("labels with the name of a network") {
        const PublishedPackage package;
        package.write("info.json", R"({"version": "1", "type": "always_crop",
            "classifier": "classifier.pt", "classifier_labels": "detector.torchscript.pt",
            "detector": "d.pt", "taxonomy": "taxonomy.txt", "geofence": "geofence.json"})");
        CHECK(code_of(package.path(), output) == ErrorCode::model_invalid);
    }
    SUBCASE("no package") {
        CHECK(code_of("/nowhere", output) == ErrorCode::not_found);
    }
    CHECK(std::filesystem::is_empty(place.path()));
}

TEST_CASE("an export without LibTorch gives a typed error" * doctest::test_suite("no LibTorch")) {
    const PublishedPackage package;
    const TemporaryFolder place;
    CHECK(code_of(package.path(), std::filesystem::path(place.path()) / "package") ==
          ErrorCode::unsupported_hardware);
    CHECK(std::filesystem::is_empty(place.path()));
}

TEST_CASE("a non-empty folder is not overwritten") {
    const PublishedPackage package;
    const TemporaryFolder place;
    place.write("mine.txt", "mine");
    CHECK(code_of(package.path(), place.path()) == ErrorCode::io);
    CHECK(bytes_of(std::filesystem::path(place.path()) / "mine.txt") == "mine");
}
