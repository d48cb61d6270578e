// SPDX-License-Identifier: Apache-2.0
// The executor gives the results of LibTorch's interpreter, on each instruction set of the CPU.
#include "speciesnet/error.hpp"
#include "speciesnet/torchscript_export.hpp"

#include "network/network.hpp"
#include "published_networks.hpp"
#include "temporary_folder.hpp"
#include "torch_plugin/torch_plugin.hpp"
#include "unit/executor_fixtures.hpp"
#include "unit/random_tensors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// Relative for values above 1.
double largest_difference(const FloatArray& a, const FloatArray& b) {
    REQUIRE(a.shape == b.shape);
    double largest = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(a.values[i]) - b.values[i]) /
                                        std::max(1.0, std::abs(static_cast<double>(b.values[i]))));
    }
    return largest;
}

void check_agreement(const std::filesystem::path& file,
                     const std::vector<std::vector<std::int64_t>>& shapes,
                     double tolerance = 1e-5) {
    const auto interpreted = load(file, {.kernels = nullptr});
    CHECK(interpreted.plan() == nullptr);
    for (const auto* const set : executor::float32_kernel_sets()) {
        const auto one = load(file, {.kernels = set});
        const auto three = load(file, {.kernels = set}, 3);
        INFO(one.reason_without_plan());
        REQUIRE(one.plan() != nullptr);
        // The first size is repeated at the end, to show that no state is kept between runs.
        auto sizes = shapes;
        sizes.push_back(shapes.front());
        for (const auto& shape : sizes) {
            const auto input = test_input(shape);
            const auto answer = one.forward(input);
            CHECK(largest_difference(answer, interpreted.forward(input)) < tolerance);
            CHECK(three.forward(input).values == answer.values);
        }
    }
}

const auto detectors = std::filesystem::path(SPECIESNET_FIXTURES) / "detectors";
const std::array without_anchors{detectors / "md_yolo11.pt", detectors / "md_yolov9c.pt",
                                 detectors / "md_gelan.pt"};

}  // namespace

TEST_CASE("published networks are run by the executor with LibTorch's answers" *
          doctest::test_suite("LibTorch")) {
    check_agreement(published("detector.pt"), {{1, 3, 64, 128}, {1, 3, 192, 64}, {2, 3, 128, 128}});
    check_agreement(published("classifier.pt"), {{1, 12, 12, 3}, {3, 12, 12, 3}});
}

TEST_CASE("detectors without anchors are run by the executor with LibTorch's answers" *
          doctest::test_suite("LibTorch")) {
    for (const auto& file : without_anchors) {
        CAPTURE(file);
        // Their many layers amplify rounding.
        check_agreement(file, {{1, 3, 64, 128}, {1, 3, 192, 64}, {2, 3, 128, 128}}, 1e-4);
    }
}

TEST_CASE("exported detectors without anchors are run by LibTorch" *
          doctest::test_suite("LibTorch")) {
    for (const auto& file : without_anchors) {
        CAPTURE(file);
        const TemporaryFolder folder;
        const auto exported = std::filesystem::path(folder.path()) / "detector.pt";
        export_network(file, exported);
        const auto network = load(exported);
        CHECK(network.plan() == nullptr);
        CHECK_FALSE(network.reason_without_plan().empty());
        const auto input = test_input({1, 3, 64, 128});
        CHECK(largest_difference(network.forward(input), run(file, input)) < 1e-4);
    }
}

TEST_CASE("exported networks are read back, and run by the executor with LibTorch's answers" *
          doctest::test_suite("LibTorch")) {
    const TemporaryFolder folder;
    const auto detector = std::filesystem::path(folder.path()) / "detector.pt";
    export_network(published("detector.pt"), detector);
    check_agreement(detector, {{1, 3, 64, 128}, {1, 3, 192, 64}, {2, 3, 128, 128}});
    const auto classifier = std::filesystem::path(folder.path()) / "classifier.pt";
    export_network(published("classifier.pt"), classifier);
    check_agreement(classifier, {{1, 12, 12, 3}, {3, 12, 12, 3}});
}

TEST_CASE("a network with an unsupported operation is run by LibTorch, with the reason" *
          doctest::test_suite("LibTorch")) {
    const auto network = load(published("foreign.pt"));
    CHECK(network.plan() == nullptr);
    CHECK(network.reason_without_plan().find("aten::atan") != std::string::npos);
    CHECK(network.forward(test_input({2, 3, 128, 64})).shape == std::vector<std::int64_t>{2, 2, 6});
    CHECK(network.output_shape({1, 3, 64, 64}) == std::vector<std::int64_t>{1, 1, 6});
    // Lower precisions must not change the result.
    if (executor::best_kernel_set(Precision::int8) != nullptr) {
        CHECK_THROWS_WITH_AS(load(published("foreign.pt"), network_options(Precision::int8)),
                             doctest::Contains("fp32 only"), ModelError);
    }
}

TEST_CASE("numbers of fewer bits change a network's answers a little") {
    const auto file = published("detector.pt");
    const auto exact = load(file, {}, 2);
    CHECK(exact.precision() == Precision::float32);
    const auto input = test_input({2, 3, 64, 128});
    const auto expected = exact.forward(input);
    for (const auto& [precision, tolerance] :
         {std::pair{Precision::bfloat16, 0.05}, std::pair{Precision::int8, 0.5}}) {
        const auto precision_name = name_of(precision);
        CAPTURE(precision_name);
        if (executor::best_kernel_set(precision) == nullptr) {
            CHECK_THROWS_AS(load(file, network_options(precision), 2), ModelError);
            continue;
        }
        const auto network = load(file, network_options(precision), 2);
        CHECK(network.precision() == precision);
        const double difference = largest_difference(network.forward(input), expected);
        CHECK(difference > 1e-5);
        CHECK(difference < tolerance);
    }
}

TEST_CASE("a CPU without the instructions gets float32, or an error if it was asked for others" *
          doctest::test_suite("LibTorch")) {
    const auto file = published("classifier.pt");
    CHECK(load(file, {.kernels = nullptr, .precision = Precision::automatic}).precision() ==
          Precision::float32);
    CHECK(load(file, {.precision = Precision::automatic}).precision() == Precision::float32);
    CHECK_THROWS_AS(load(file, {.kernels = nullptr, .precision = Precision::bfloat16}), ModelError);
    CHECK_THROWS_AS(load(file, {.kernels = nullptr, .precision = Precision::int8}), ModelError);
}

TEST_CASE("an unsuitable image gives an error, and the next one is processed") {
    const auto network = load(published("detector.pt"), {}, 2);
    const auto input = test_input({1, 3, 64, 64});
    const auto answer = network.forward(input);
    CHECK_THROWS(network.forward(test_input({1, 4, 64, 64})));
    CHECK_THROWS(network.forward(test_input({3, 64, 64})));
    CHECK(network.forward(input).values == answer.values);
}

TEST_CASE("average pools of TorchScript are run by the executor with LibTorch's answers" *
          doctest::test_suite("LibTorch")) {
    graph::Graph graph;
    const auto convolution =
        graph.add(graph::Convolution{.weights = random_weight({12, 3, 3, 3}, 1, 0.3F)},
                  {graph::Graph::input});
    graph.set_output(graph.add(
        graph::AveragePool{.kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}}, {convolution}));
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "pool.pt";
    torch_plugin().write(graph, {}, file, {});
    check_agreement(file, {{1, 3, 9, 8}, {2, 3, 12, 7}});
}

TEST_CASE("TorchScript that is read, but not lowered, is run by LibTorch" *
          doctest::test_suite("LibTorch")) {
    graph::Graph graph;
    const auto convolution =
        graph.add(graph::Convolution{.weights = random_weight({12, 3, 3, 3}, 1, 0.3F)},
                  {graph::Graph::input});
    graph.set_output(graph.add(
        graph::MaximumPool{.kernel = {2, 2}, .stride = {2, 2}, .rounds_up = true}, {convolution}));
    const TemporaryFolder folder;
    const auto file = std::filesystem::path(folder.path()) / "pool.pt";
    torch_plugin().write(graph, {}, file, {});
    const auto network = load(file);
    CHECK(network.plan() == nullptr);
    CHECK(network.reason_without_plan().find("rounds sizes up") != std::string::npos);
    const auto input = test_input({1, 3, 9, 8});
    const auto answer = network.forward(input);
    CHECK(answer.shape == std::vector<std::int64_t>{1, 12, 4, 3});
    CHECK(largest_difference(answer, load(file, {.kernels = nullptr}).forward(input)) < 1e-6);
}
