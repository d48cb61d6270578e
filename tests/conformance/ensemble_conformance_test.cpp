// SPDX-License-Identifier: Apache-2.0
// Reads the reference's documents, combines them with our rules and writes them, for all locations
// and both result formats.
#include "speciesnet/json.hpp"
#include "speciesnet/past_runs.hpp"

#include "shared_fixtures.hpp"

#include <array>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

using namespace speciesnet;
using conformance::shared_bytes;
using conformance::shared_fixtures;
using Json = nlohmann::ordered_json;

namespace {

struct Release {
    std::string folder;
    ResultFormat format;
};

const std::array releases{Release{"sn506", ResultFormat::per_detection},
                          Release{"sn505", ResultFormat::per_image},
                          Release{"sn401", ResultFormat::per_image}};

/// Returns the documents of one release, by their path among the fixtures.
std::vector<std::string> documents(const Release& release) {
    std::vector<std::string> paths;
    const auto folder = std::filesystem::path("goldens") / release.folder;
    for (const auto& file : std::filesystem::directory_iterator(shared_fixtures() / folder)) {
        paths.push_back((folder / file.path().filename()).generic_string());
    }
    return paths;
}

Stage stage_of(const std::string& path) {
    if (path.ends_with("_detector.json")) {
        return Stage::detector;
    }
    return path.ends_with("_classifier.json") ? Stage::classifier : Stage::ensemble;
}

Rules release_rules(const std::string& path) {
    return {Taxonomy::parse(shared_bytes("data/taxonomy_release.txt")),
            Geofence::parse(shared_bytes("data/geofence_release.json")),
            path.find("nogeofence") == std::string::npos};
}

/// Combines results for the images and locations of a document of the ensemble.
std::vector<Prediction> combined(const std::string& path, std::span<const Prediction> expected,
                                 std::span<const Prediction> classifications,
                                 std::span<const Prediction> detections,
                                 std::optional<std::size_t> maximum) {
    std::vector<Instance> instances;
    for (const auto& prediction : expected) {
        instances.push_back({prediction.filepath, prediction.location});
    }
    return combine_past_runs(release_rules(path), instances, classifications, detections,
                             {.max_classifications_per_detection = maximum,
                              .model_version = expected.front().model_version});
}

/// Compares exactly, except for values that differ slightly between two runs of the same network:
/// LibTorch and PyTorch add in another order if the batch size differs.
void check_close(const Json& ours, const Json& reference, const std::string& place) {
    CAPTURE(place);
    if (ours.is_number_float() && reference.is_number_float()) {
        CHECK(std::abs(ours.get<double>() - reference.get<double>()) <= 1e-4);
        return;
    }
    REQUIRE(ours.type() == reference.type());
    if (!ours.is_structured()) {
        CHECK(ours == reference);
        return;
    }
    REQUIRE(ours.size() == reference.size());
    for (auto one = ours.items().begin(), other = reference.items().begin();
         one != ours.items().end(); ++one, ++other) {
        CHECK(one.key() == other.key());
        check_close(one.value(), other.value(), place + '/' + one.key());
    }
}

}  // namespace

TEST_CASE("every document of the reference is read and written back to the same bytes") {
    std::size_t count = 0;
    for (const auto& release : releases) {
        for (const auto& path : documents(release)) {
            CAPTURE(path);
            const auto text = shared_bytes(path);
            CHECK(to_json(predictions_from_json(text),
                          {.format = release.format, .stage = stage_of(path), .decimals = {}}) ==
                  text);
            ++count;
        }
    }
    CHECK(count >= 44);
}

TEST_CASE("detections and classes of an ensemble document are combined to the same bytes") {
    std::size_t count = 0;
    for (const auto& release : releases) {
        for (const auto& path : documents(release)) {
            // Other documents lack the five classes that decided.
            const bool has_five_classes =
                release.format == ResultFormat::per_image || path.find("maxper5") != path.npos;
            if (stage_of(path) != Stage::ensemble || !has_five_classes) {
                continue;
            }
            CAPTURE(path);
            const auto text = shared_bytes(path);
            const auto expected = predictions_from_json(text);
            const auto ours = combined(path, expected, expected, expected, std::nullopt);
            CHECK(to_json(ours, {.format = release.format, .decimals = {}}) == text);
            ++count;
        }
    }
    CHECK(count >= 24);
}

TEST_CASE("detector and classifier runs are combined to the answers of whole runs") {
    std::size_t count = 0;
    for (const auto& release : releases) {
        for (const auto& path : documents(release)) {
            // These classified other detections, or reported more classes, than the classifier's
            // document.
            const bool has_other_options =
                path.find("_thr") != path.npos || path.find("_target") != path.npos;
            if (stage_of(path) != Stage::ensemble || has_other_options ||
                release.folder == "sn401") {
                continue;
            }
            CAPTURE(path);
            const auto package = path.substr(0, path.find("_ensemble"));
            const auto expected = predictions_from_json(shared_bytes(path));
            const bool per_image = release.format == ResultFormat::per_image;
            const auto ours = combined(
                path, expected, predictions_from_json(shared_bytes(package + "_classifier.json")),
                predictions_from_json(shared_bytes(package + "_detector.json")),
                per_image ? std::nullopt : std::optional<std::size_t>(2));
            check_close(Json::parse(to_json(ours, {.format = release.format, .decimals = {}})),
                        Json::parse(shared_bytes(path)), "");
            ++count;
        }
    }
    CHECK(count >= 20);
}
