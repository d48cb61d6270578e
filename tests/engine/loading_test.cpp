// SPDX-License-Identifier: Apache-2.0
// Each fault of a package has its own clear error when loading.
#include "speciesnet/speciesnet.hpp"

#include "model_copy.hpp"
#include "needs.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// A copy of the demonstration model in a folder, to be damaged.
class Copy : public ModelCopy {
public:
    Copy() : ModelCopy(SPECIESNET_DEMO "/model") {}

    void swap_networks() const {
        std::filesystem::rename(file("detector.pt"), file("other.pt"));
        std::filesystem::rename(file("classifier.pt"), file("detector.pt"));
        std::filesystem::rename(file("other.pt"), file("classifier.pt"));
    }

    void fails_with(ErrorCode code, std::string_view mention,
                    const EnsembleOptions& options = {}) const {
        try {
            (void)Ensemble::load(path(), options);
            FAIL("loaded, but should not: " << mention);
        } catch (const Error& error) {
            CHECK(error.code() == code);
            INFO(std::string(error.what()));
            CHECK(std::string_view(error.what()).find(mention) != std::string_view::npos);
        }
    }
};

}  // namespace

TEST_CASE("a folder loads as the embedded model does") {
    const Copy copy;
    CHECK(Ensemble::load(copy.path()).labels().size() == Ensemble::load("demo").labels().size());
}

TEST_CASE("missing files are named") {
    for (const auto* file : {"info.json", "detector.pt", "classifier.pt", "labels.txt",
                             "taxonomy.txt", "geofence.json"}) {
        const Copy copy;
        copy.remove(file);
        copy.fails_with(ErrorCode::model_incomplete, file);
    }
}

TEST_CASE("a file that is not a network is named") {
    const Copy copy;
    copy.replace("detector.pt", std::string_view("\x80\x02}q\x00.", 6));
    copy.fails_with(ErrorCode::model_invalid, "detector.pt");
    const EnsembleOptions alone{.components = Components::classifier};
    copy.replace("classifier.pt", "nothing of the kind");
    copy.fails_with(ErrorCode::model_invalid, "classifier.pt", alone);
    copy.replace("classifier.pt", std::string_view("PK\x03\x04 but no archive", 18));
    copy.fails_with(ErrorCode::model_invalid, "classifier.pt", alone);
    copy.replace("classifier.pt", "");
    copy.fails_with(ErrorCode::model_invalid, "classifier.pt", alone);
}

TEST_CASE("a network with other input or output shapes is refused") {
    const Copy copy;
    copy.swap_networks();
    copy.fails_with(ErrorCode::model_contract, "detector");
}

TEST_CASE("the number of labels must equal that of logits") {
    const Copy copy;
    copy.replace("labels.txt", "x;mammalia;;;;;mammal\n");
    copy.fails_with(ErrorCode::model_contract, "1 labels");
}

TEST_CASE("label and taxonomy lines have seven parts") {
    const Copy copy;
    copy.replace("labels.txt", "a;b;c\n");
    copy.fails_with(ErrorCode::model_invalid, "line 1");
    const Copy other;
    other.replace("taxonomy.txt", "x;mammalia;;;;;mammal\nx;mammalia\n");
    other.fails_with(ErrorCode::model_invalid, "line 2");
}

TEST_CASE("a geofence that is not JSON, or has another structure, is refused") {
    const Copy copy;
    copy.replace("geofence.json", "{");
    copy.fails_with(ErrorCode::model_invalid, "geofence.json");
    copy.replace("geofence.json", R"({"a;b;c;d;e": {"allow": ["KEN"]}})");
    copy.fails_with(ErrorCode::model_invalid, "a;b;c;d;e");
}

TEST_CASE("loading only the rules needs no network files") {
    const Copy copy;
    copy.remove("detector.pt");
    copy.remove("classifier.pt");
    const auto ensemble = Ensemble::load(copy.path(), {.components = Components::rules});
    CHECK(ensemble.rules().taxonomy().size() > 0);
    const auto image = Image::from_rgb(1, 1, {0, 0, 0});
    CHECK_THROWS_AS(ensemble.detect(image), ModelError);
}

TEST_CASE("loading reports each component, and an exception of the callback stops it") {
    std::vector<std::size_t> steps;
    const auto count = [&](std::size_t done, std::size_t total) {
        steps.insert(steps.end(), {done, total});
    };
    Ensemble::load("demo", {.progress = count});
    CHECK(steps == std::vector<std::size_t>{1, 3, 2, 3, 3, 3});
    steps.clear();
    Ensemble::load("demo", {.components = Components::rules, .progress = count});
    CHECK(steps == std::vector<std::size_t>{1, 1});
    CHECK_THROWS_AS(
        Ensemble::load("demo", {.progress = [](std::size_t, std::size_t) { throw Cancelled(); }}),
        Cancelled);
}

TEST_CASE("loading only the detector needs no classifier, rules or labels") {
    const Copy copy;
    copy.remove("classifier.pt");
    copy.remove("taxonomy.txt");
    const auto ensemble = Ensemble::load(copy.path(), {.components = Components::detector});
    CHECK(ensemble.detect(Image::from_rgb(64, 64, std::vector<std::uint8_t>(64 * 64 * 3))).size() <
          300);
    CHECK_THROWS_AS((void)ensemble.rules(), ModelError);
    CHECK(ensemble.labels().empty());
}

TEST_CASE("an open package and one in memory are loaded") {
    const auto labels = Ensemble::load("demo").labels().size();
    CHECK(Ensemble::load(Package::open("demo")).labels().size() == labels);
    const Copy copy;
    const auto folder = Package::open(copy.path());
    std::vector<std::string> asked;
    const auto reader = [&](const std::string& file) {
        asked.push_back(file);
        return folder.find(file);
    };
    CHECK(Ensemble::load(Package::from(reader, "archive")).labels().size() == labels);
    CHECK(std::find(asked.begin(), asked.end(), "detector.pt") != asked.end());
    const auto nothing = [](const std::string&) { return std::optional<PackageFile>(); };
    CHECK_THROWS_WITH_AS(Package::from(nothing, "archive"), doctest::Contains("archive:info.json"),
                         ModelError);
}

TEST_CASE("a model is found by name, and not downloaded offline" *
          Needs(SPECIESNET_HAS_DOWNLOAD != 0, "support of downloads")) {
    CHECK_THROWS_AS(Ensemble::load("kaggle:no"), InvalidArgument);
    CHECK_THROWS_WITH_AS(Ensemble::load("hf:owner/repository", {.offline = true}),
                         doctest::Contains("offline"), IoError);
}
