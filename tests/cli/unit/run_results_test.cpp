// SPDX-License-Identifier: Apache-2.0
// Results are assigned to their inputs, and returned in the order of the inputs.
#include "predict/run_results.hpp"

#include "temporary_folder.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;
using namespace speciesnet::cli;

namespace {

std::vector<Instance> inputs(const std::vector<std::string>& files) {
    std::vector<Instance> instances;
    for (const auto& file : files) {
        instances.push_back({.filepath = file, .location = {}});
    }
    return instances;
}

Prediction prediction(const std::string& file, const std::string& country, Failures failures = {}) {
    return {.filepath = file,
            .failures = failures,
            .failure_reason = {},
            .location = {.country = country},
            .detections = {},
            .model_version = {}};
}

std::vector<std::string> countries(const RunResults& results) {
    std::vector<std::string> found;
    results.for_each([&](const Prediction& one) { found.push_back(*one.location.country); });
    return found;
}

}  // namespace

TEST_CASE("results are returned in the order of the inputs") {
    const auto photos = inputs({"b", "a", "c"});
    Journal journal({});
    RunResults results(photos, journal);
    CHECK(results.missing() == 3);
    results.add(2, prediction("c", "CCC"));
    results.add(0, prediction("b", "BBB"));
    CHECK(results.has(0));
    CHECK_FALSE(results.has(1));
    results.add(1, prediction("a", "AAA"));
    CHECK(results.missing() == 0);
    CHECK(countries(results) == std::vector<std::string>{"BBB", "AAA", "CCC"});
}

TEST_CASE("a photo that is named twice has two results, also after an interruption") {
    const auto photos = inputs({"x", "a", "x", "x"});
    const TemporaryFolder folder;
    const auto file = folder.path() + "/journal";
    {
        Journal journal(file, Journal::Earlier::kept, {});
        RunResults results(photos, journal);
        results.add(3, prediction("x", "THR"));
        results.add(0, prediction("x", "ONE"));
    }
    Journal journal(file, Journal::Earlier::kept, {});
    RunResults results(photos, journal);
    CHECK(results.recover().kept == 2);
    CHECK_FALSE(results.has(1));
    CHECK_FALSE(results.has(2));
    results.add(1, prediction("a", "AAA"));
    results.add(2, prediction("x", "TWO"));
    CHECK(countries(results) == std::vector<std::string>{"ONE", "AAA", "TWO", "THR"});
}

TEST_CASE("after an interruption, failures are retried and results of lost photos omitted") {
    const TemporaryFolder folder;
    const auto file = folder.path() + "/journal";
    {
        const auto photos = inputs({"a", "b", "gone"});
        Journal journal(file, Journal::Earlier::kept, {});
        RunResults results(photos, journal);
        results.add(0, prediction("a", "AAA"));
        results.add(1, prediction("b", "BAD", {.detector = true}));
        results.add(2, prediction("gone", "GON"));
    }
    const auto photos = inputs({"a", "b"});
    Journal journal(file, Journal::Earlier::kept, {});
    RunResults results(photos, journal);
    const auto recovered = results.recover();
    CHECK(recovered.kept == 1);
    CHECK(recovered.failed == 1);
    CHECK(recovered.strangers == 1);
    CHECK(recovered.damaged == 0);
    CHECK(results.missing() == 1);
    results.add(1, prediction("b", "BBB"));
    CHECK(countries(results) == std::vector<std::string>{"AAA", "BBB"});
}

TEST_CASE("differently spelled folders refer to the same photo") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() + "/inc");
    std::filesystem::create_directory_symlink("inc", folder.path() + "/link");
    const auto photos = inputs({folder.path() + "/inc/a", folder.path() + "/inc/b"});
    Journal journal({});
    RunResults results(photos, journal);
    CHECK(results.find(folder.path() + "/./inc//a", 0) == 0);
    CHECK(results.find(folder.path() + "/link/b", 0) == 1);
    CHECK(results.find(folder.path() + "/link/../inc/b", 0) == 1);
    CHECK_FALSE(results.find(folder.path() + "/inc/c", 0));
    CHECK_FALSE(results.find(folder.path() + "/a", 0));
    CHECK_FALSE(results.find("a", 0));
    results.add(0, prediction(folder.path() + "/link/a", "AAA"));
    CHECK(results.read(0).filepath == folder.path() + "/inc/a");
}

TEST_CASE("results of photos that are lost come last") {
    const auto photos = inputs({"a"});
    Journal journal({});
    RunResults results(photos, journal);
    results.add_of_lost_photo(prediction("gone", "GON"));
    results.add(0, prediction("a", "AAA"));
    CHECK(results.missing() == 0);
    CHECK(countries(results) == std::vector<std::string>{"AAA", "GON"});
}
