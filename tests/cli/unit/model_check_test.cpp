// SPDX-License-Identifier: Apache-2.0
// The doctor's check of a model: compares a package with its recorded answers, and with other ones.
#include "doctor/model_check.hpp"

#include "speciesnet/ensemble.hpp"
#include "speciesnet/image.hpp"

#include "temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

namespace speciesnet::cli {
namespace {

const std::string package = SPECIESNET_FIXTURES "/random_package/always_crop";
const std::filesystem::path bundled_photos = SPECIESNET_BUNDLED_PHOTOS;
constexpr const char* photo = "vehicle.jpg";

/// The package's own answers for a photo, treated as published ones.
struct RecordedAnswers {
    RecordedAnswers() {
        const auto ensemble = Ensemble::load(package);
        const auto image = decode_file(bundled_photos / photo);
        const auto best = ensemble.detect(image).front();
        detections.front() = {best.category, best.bbox};
        label = ensemble.classify(image, std::array{best}, 1).front()->classes.front();
    }

    Check check(const std::filesystem::path& photos = {}) const {
        const KnownAnswers known{photo, detections, detections.front().box, label};
        return check_model(package, {}, photos, {&known, 1});
    }

    std::array<KnownDetection, 1> detections{};
    std::string label;
};

std::string fact(const Check& check, const std::string& name) {
    const auto found = std::find_if(check.facts.begin(), check.facts.end(),
                                    [&](const auto& fact) { return fact.first == name; });
    return found == check.facts.end() ? "missing" : found->second;
}

}  // namespace

TEST_CASE("a model with the known answers passes, with the program's photos or others") {
    const RecordedAnswers recorded;
    for (const auto& photos : {std::filesystem::path(), bundled_photos}) {
        const auto check = recorded.check(photos);
        CHECK(check.verdict == Verdict::fine);
        CHECK(check.text.starts_with("gives the known answers for 1 photos; "));
        CHECK(fact(check, photo) == "as known");
        CHECK(fact(check, "published") == "no");
    }
}

TEST_CASE("a model with other weights gets advice if its boxes or classes differ") {
    RecordedAnswers recorded;
    recorded.detections.front().box.xmin += 0.01;
    const auto moved = recorded.check();
    CHECK(moved.verdict == Verdict::advice);
    CHECK(fact(moved, "differing") == "1");
    CHECK(fact(moved, photo) == "1 of 1 known detections are missing");
    recorded.detections.front().box.xmin -= 0.01;
    recorded.label = "another";
    CHECK(fact(recorded.check(), photo).ends_with(", not another"));
}

TEST_CASE("different answers of the published weights are trouble, as is having no photo") {
    CHECK(judge(2, 0, true).verdict == Verdict::fine);
    CHECK(judge(2, 1, true).verdict == Verdict::trouble);
    CHECK(judge(2, 1, false).verdict == Verdict::advice);
    CHECK(judge(0, 0, false).verdict == Verdict::trouble);
    const TemporaryFolder empty;
    CHECK(RecordedAnswers().check(empty.path()).verdict == Verdict::trouble);
}

TEST_CASE("a model that cannot be loaded is trouble") {
    const TemporaryFolder empty;
    const auto check = check_model(empty.path(), {}, {});
    CHECK(check.verdict == Verdict::trouble);
    CHECK(check.text.find("info.json") != std::string::npos);
}

}  // namespace speciesnet::cli
