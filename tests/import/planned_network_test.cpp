// The executor gives what LibTorch's interpreter gives, on every instruction set that the CPU has.
#include "speciesnet/error.hpp"
#include "speciesnet/import.hpp"

#include "network/network.hpp"
#include "published_networks.hpp"
#include "temporary_folder.hpp"
#include "unit/executor_fixtures.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

Network load(const std::filesystem::path& file, int threads,
             std::optional<executor::InstructionSet> set,
             Precision precision = Precision::float32) {
    const auto mapped = map_file(file);
    return {{mapped.content, file.string(), mapped.owner},
            std::make_shared<NetworkThreads>(threads),
            {.instruction_set = set, .precision = precision}};
}

/// Relative to numbers above 1.
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
                     const std::vector<std::vector<std::int64_t>>& shapes) {
    const auto interpreted = load(file, 1, std::nullopt);
    CHECK_FALSE(interpreted.is_planned());
    for (const auto set : executor::instruction_sets()) {
        const auto one = load(file, 1, set);
        const auto three = load(file, 3, set);
        REQUIRE(one.is_planned());
        // The first size comes again at the end: what is kept from run to run does not matter.
        auto sizes = shapes;
        sizes.push_back(shapes.front());
        for (const auto& shape : sizes) {
            const auto input = test_input(shape);
            const auto answer = one.forward(input);
            CHECK(largest_difference(answer, interpreted.forward(input)) < 1e-5);
            CHECK(three.forward(input).values == answer.values);
        }
    }
}

}  // namespace

TEST_CASE("imported networks are run by the executor with LibTorch's answers") {
    const TemporaryFolder folder;
    const auto detector = std::filesystem::path(folder.path()) / "detector.pt";
    import_detector(published("detector.pt"), detector);
    check_agreement(detector, {{1, 3, 64, 128}, {1, 3, 192, 64}, {2, 3, 128, 128}});
    const auto classifier = std::filesystem::path(folder.path()) / "classifier.pt";
    import_classifier(published("classifier.pt"), classifier);
    check_agreement(classifier, {{1, 480, 480, 3}, {2, 480, 480, 3}});
}

TEST_CASE("the demonstration networks are run by the executor with LibTorch's answers") {
    const auto model = std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo/model";
    check_agreement(model / "detector.pt", {{1, 3, 64, 128}, {2, 3, 128, 64}});
    check_agreement(model / "classifier.pt", {{1, 480, 480, 3}, {2, 480, 480, 3}});
}

TEST_CASE("numbers of fewer bits change a network's answers a little") {
    const auto model = std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo/model";
    const auto best = executor::best_reduced_instruction_set();
    const auto exact = load(model / "classifier.pt", 2, executor::best_instruction_set());
    CHECK(exact.precision() == Precision::float32);
    const auto input = test_input({2, 480, 480, 3});
    const auto expected = exact.forward(input);
    for (const auto& [precision, tolerance] :
         {std::pair{Precision::bfloat16, 0.05}, std::pair{Precision::int8, 0.5}}) {
        const auto precision_name = name_of(precision);
        CAPTURE(precision_name);
        const bool is_there =
            best && (precision == Precision::int8 ? executor::kernels(*best).int8 != nullptr
                                                  : executor::kernels(*best).bfloat16 != nullptr);
        if (!is_there) {
            CHECK_THROWS_AS(load(model / "classifier.pt", 2, best, precision), ModelError);
            continue;
        }
        const auto network = load(model / "classifier.pt", 2, best, precision);
        CHECK(network.precision() == precision);
        const double difference = largest_difference(network.forward(input), expected);
        CHECK(difference > 1e-5);
        CHECK(difference < tolerance);
    }
}

TEST_CASE("a CPU without the instructions gets float32, or an error if it was asked for others") {
    const auto model = std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo/model";
    const auto file = model / "classifier.pt";
    CHECK(load(file, 1, std::nullopt, Precision::automatic).precision() == Precision::float32);
    if (executor::best_instruction_set()) {
        CHECK(load(file, 1, executor::InstructionSet::avx2, Precision::automatic).precision() ==
              Precision::float32);
    }
    CHECK_THROWS_AS(load(file, 1, std::nullopt, Precision::bfloat16), ModelError);
    CHECK_THROWS_AS(load(file, 1, std::nullopt, Precision::int8), ModelError);
}

TEST_CASE("a picture that the network cannot take is an error, and the next one is answered") {
    const std::filesystem::path model =
        std::filesystem::path(SPECIESNET_SOURCE_DIR) / "examples/demo/model";
    const auto network = load(model / "detector.pt", 2, executor::best_instruction_set());
    const auto input = test_input({1, 3, 64, 64});
    const auto answer = network.forward(input);
    CHECK_THROWS(network.forward(test_input({1, 4, 64, 64})));
    CHECK_THROWS(network.forward(test_input({3, 64, 64})));
    CHECK(network.forward(input).values == answer.values);
}
