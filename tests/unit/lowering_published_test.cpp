// SPDX-License-Identifier: Apache-2.0
// Published networks are lowered from their files to plans and give PyTorch's answers without
// LibTorch.
#include "executor_fixtures.hpp"
#include "import/published_network.hpp"
#include "import/published_networks.hpp"
#include "lowering/lowering.hpp"
#include "run_network_plan.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace speciesnet;

namespace {

void check_answers(const std::string& name, const std::vector<std::int64_t>& shape,
                   bool channels_first) {
    CAPTURE(name);
    const auto mapped = map_file(published(name + ".pt"));
    const auto input = test_input(shape);
    const auto expected = numbers_of(published(name + ".expected"));
    const auto sets = executor::float32_kernel_sets();
    REQUIRE(!sets.empty());
    for (const auto set : sets) {
        auto network = read_published_network({mapped.content, name, mapped.owner});
        const auto& kernels = set->table();
        const auto lowered = lowering::lower(
            std::move(network), {.kernels = kernels, .threads = 2, .release = release_pages});
        CAPTURE(lowered.reason);
        REQUIRE(lowered.plan.has_value());
        CHECK(lowered.plan->channels_first == channels_first);
        const auto output = run(*lowered.plan, kernels, {input.shape, input.values});
        CHECK(difference(output.values, expected) < 1e-5F);
    }
}

}  // namespace

TEST_CASE("published networks become plans with PyTorch's answers") {
    check_answers("detector", {2, 3, 64, 128}, true);
    check_answers("detector_legacy", {1, 3, 128, 64}, true);
    check_answers("classifier", {2, 12, 12, 3}, false);
}
