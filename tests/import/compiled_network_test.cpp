// SPDX-License-Identifier: Apache-2.0
// Compiled networks give bit-identical results.

#include "network/compiled_network.hpp"

#include "network/network.hpp"
#include "published_networks.hpp"
#include "temporary_folder.hpp"
#include "unit/executor_fixtures.hpp"

#include <filesystem>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

/// Checks all kernels.
void check_compiled(const std::filesystem::path& file, const std::vector<std::int64_t>& shape) {
    CAPTURE(file.string());
    const TemporaryFolder folder;
    for (const auto* const set : executor::float32_kernel_sets()) {
        NetworkOptions options{.kernels = set};
        const auto network = load(file, options);
        REQUIRE(network.plan() != nullptr);
        const auto compiled = std::filesystem::path(folder.path()) /
                              compiled_file_name("network.pt", *compiled_for(options));
        write_compiled_network(*network.plan(), *compiled_for(options), package_file(file),
                               compiled);
        options.compiled = package_file(compiled);
        const auto mapped = load(file, options);
        const auto input = test_input(shape);
        const auto expected = network.forward(input);
        CHECK(mapped.forward(input).values == expected.values);
        CHECK(mapped.output_shape(shape) == expected.shape);
        CHECK(mapped.plan() != nullptr);
    }
}

}  // namespace

TEST_CASE("published networks can be compiled") {
    check_compiled(published("detector.pt"), {2, 3, 64, 96});
    check_compiled(published("classifier.pt"), {3, 12, 12, 3});
}

TEST_CASE("the compiled form of one network is not used for another") {
    const TemporaryFolder folder;
    const auto detector = published("detector.pt");
    const auto legacy = published("detector_legacy.pt");
    NetworkOptions options;
    const auto compiled = std::filesystem::path(folder.path()) / "detector.compiled";
    write_compiled_network(*load(detector, options).plan(), *compiled_for(options),
                           package_file(detector), compiled);
    const auto input = test_input({1, 3, 128, 64});
    const auto expected = load(legacy, options).forward(input);
    options.compiled = package_file(compiled);
    CHECK(load(legacy, options).forward(input).values == expected.values);
}
