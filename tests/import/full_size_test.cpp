// SPDX-License-Identifier: Apache-2.0
// A package of full size, if scripts/check_import names one, with PyTorch's answers.
#include "speciesnet/model.hpp"
#include "speciesnet/torchscript_export.hpp"

#include "needs.hpp"
#include "published_networks.hpp"
#include "temporary_folder.hpp"
#include "unfrozen_network.hpp"
#include "unit/executor_fixtures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <sys/resource.h>

using namespace speciesnet;

namespace {

constexpr const char* full_size = "SPECIESNET_FULL_SIZE";

using Numbers = std::vector<double>;

/// Returns the peak memory of this process, including mapped files.
double peak_memory_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024;
}

/// Checks the project's promise; memory is relative to the size of the published networks.
void check_cost(const ExportReport& report) {
    std::uint64_t published_bytes = 0;
    for (const auto& network : report.networks) {
        MESSAGE(network.published << ": " << network.seconds << " s");
        published_bytes += network.published_bytes;
    }
    const double memory = peak_memory_bytes() / static_cast<double>(published_bytes);
    MESSAGE("package: " << report.seconds << " s, memory " << memory << " times the networks");
    CHECK(report.seconds < 60);
    CHECK(memory < 1.5);
}

Numbers as_numbers(const std::vector<float>& values) {
    return {values.begin(), values.end()};
}

Numbers softmax(const Numbers& logits) {
    const double largest = *std::max_element(logits.begin(), logits.end());
    Numbers scores;
    double sum = 0;
    for (const double logit : logits) {
        scores.push_back(std::exp(logit - largest));
        sum += scores.back();
    }
    for (double& score : scores) {
        score /= sum;
    }
    return scores;
}

/// One way to run an exported network.
struct Way {
    std::string name;
    Numbers output;
};

std::vector<Way> run_all_ways(const std::filesystem::path& network, const FloatArray& input) {
    std::vector<Way> ways{
        {"LibTorch, as exported", as_numbers(run_unfrozen(network, input).values)},
        {"LibTorch, frozen", as_numbers(run(network, input, {nullptr}).values)}};
    for (const auto* const set : executor::float32_kernel_sets()) {
        ways.push_back(
            {"executor, " + std::string(set->name), as_numbers(run(network, input, {set}).values)});
    }
    ways.push_back({"the engine", as_numbers(run(network, input).values)});
    return ways;
}

/// Compares each way with PyTorch's own loading, in float32 and in float64.
/// @param expected   output of make_full_size_answers.py, without the extension
/// @param to_results converts a network's output to what users see
void check_answers(const std::filesystem::path& network, const FloatArray& input,
                   const std::string& expected,
                   const std::function<Numbers(const Numbers&)>& to_results) {
    const auto pytorch = as_numbers(numbers_of<float>(expected + ".float32"));
    const auto exact = numbers_of<double>(expected + ".float64");
    const auto name = network.filename().string();
    const double rounding = difference(pytorch, exact);
    for (const auto& [way, output] : run_all_ways(network, input)) {
        const double differing = difference(to_results(output), to_results(pytorch));
        MESSAGE(name << ", " << way << ": results differ from PyTorch's by " << differing
                     << "; output by " << difference(output, pytorch) << ", from float64 by "
                     << difference(output, exact));
        // Layers with random weights amplify rounding, including PyTorch's.
        CHECK(differing < std::max(1e-5, 4 * rounding));
    }
    MESSAGE(name << ": PyTorch's own output differs from float64 by " << rounding);
}

}  // namespace

TEST_CASE("a full-size package is exported at the promised cost and gives PyTorch's answers" *
          Needs(std::getenv(full_size) != nullptr,
                "folder in SPECIESNET_FULL_SIZE, as scripts/check_import gives")) {
    const std::filesystem::path expected(std::getenv(full_size));
    const TemporaryFolder place;
    const auto report =
        export_package(expected / "package", std::filesystem::path(place.path()) / "exported");
    check_cost(report);
    const auto info = Package::open(report.folder.string()).info();
    const auto boxes_and_confidences = [](const Numbers& output) { return output; };
    check_answers(report.folder / info.detector, test_input({1, 3, 256, 320}),
                  expected / "detector", boxes_and_confidences);
    check_answers(report.folder / info.classifier, test_input({1, 480, 480, 3}),
                  expected / "classifier", softmax);
}
