// SPDX-License-Identifier: Apache-2.0
// Networks that were compiled for one kind of CPU, written and read again.
#include "network/compiled_network.hpp"

#include "speciesnet/error.hpp"

#include "compiled_file.hpp"
#include "executor/bfloat16_convolution.hpp"
#include "executor/int8_convolution.hpp"
#include "network_plan_fixtures.hpp"
#include "reduced_kernels.hpp"
#include "system/memory.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace speciesnet;

namespace {

/// Every CPU supports these kernels.
const executor::KernelSet& target = executor::kernel_sets().front();

const PackageFile network("the TorchScript", "network.pt", nullptr);

FloatArray forward(executor::NetworkPlan plan, const executor::KernelSet& target,
                   const FloatArray& input) {
    executor::Workspace workspace(2);
    PlanNetwork runnable(std::move(plan), target.table(), workspace);
    auto output = runnable.forward(input, {});
    CHECK(runnable.output_shape(input.shape) == output.shape);
    return output;
}

FloatArray picture(std::vector<std::int64_t> shape) {
    std::size_t count = 1;
    for (const auto size : shape) {
        count *= static_cast<std::size_t>(size);
    }
    return {std::move(shape), executor::numbers(count, 9)};
}

/// Writes a plan, maps the file and reads it.
executor::NetworkPlan written_and_read(const executor::NetworkPlan& plan,
                                       const executor::KernelSet& target) {
    const TemporaryFolder folder;
    const auto path = std::filesystem::path(folder.path()) / "network.compiled";
    write_compiled_network(plan, target, network, path);
    const auto file = map_file(path);
    auto read = read_compiled_network({file.content, path.string(), file.owner}, target, &network);
    REQUIRE(read.has_value());
    return std::move(*read);
}

void check_same_bits(executor::NetworkPlan plan, const executor::KernelSet& target,
                     const std::vector<std::int64_t>& shape) {
    auto read = written_and_read(plan, target);
    CHECK(read.channels_first == plan.channels_first);
    CHECK(read.output == plan.output);
    const auto input = picture(shape);
    const auto expected = forward(std::move(plan), target, input);
    const auto found = forward(std::move(read), target, input);
    CHECK(found.shape == expected.shape);
    CHECK(found.values == expected.values);
}

/// Returns a plan of one convolution with these values.
template <typename Convolution>
executor::NetworkPlan reduced_plan(const executor::Kernels& kernels) {
    executor::NetworkPlan whole{
        .plan = {}, .channels_first = false, .output = executor::Axes::picture};
    const auto input = whole.plan.add_input({.channels = 11});
    whole.plan.keep(whole.plan.add(
        std::make_unique<Convolution>(kernels,
                                      executor::ConvolutionGeometry{3, 3, 1, 1, 1, 1, 1, 1},
                                      executor::numbers(std::size_t{21} * 11 * 9, 1),
                                      executor::numbers(21, 2), executor::Activation::silu),
        {input}, 21));
    return whole;
}

/// Reads the file of a small network with one changed field in its description.
std::optional<executor::NetworkPlan> read_with(const char* field, const nlohmann::json& value) {
    auto parts = CompiledParts::of(compiled_bytes(
        small_network_plan(target.table(), executor::Axes::channels), target, network));
    auto description = nlohmann::json::parse(parts.description);
    REQUIRE(description.contains(field));
    description[field] = value;
    parts.description = description.dump();
    return read_compiled_network(file_in_memory(parts.file()), target, &network);
}

}  // namespace

TEST_CASE("a network that is written and read again is bit-identical") {
    for (const auto* const set : executor::float32_kernel_sets()) {
        const auto& target = *set;
        for (const auto axes :
             {executor::Axes::pixels, executor::Axes::channels, executor::Axes::picture}) {
            for (const auto& shape :
                 {std::vector<std::int64_t>{1, 3, 5, 8}, std::vector<std::int64_t>{2, 3, 16, 12}}) {
                check_same_bits(small_network_plan(target.table(), axes), target, shape);
            }
        }
    }
}

TEST_CASE("a network of values with fewer bits is also bit-identical" * executor::needs_int8()) {
    const auto& bytes = *executor::best_kernel_set(Precision::int8);
    check_same_bits(reduced_plan<executor::Int8Convolution>(bytes.table()), bytes, {1, 5, 6, 11});
    if (const auto* const pairs = executor::best_kernel_set(Precision::bfloat16)) {
        check_same_bits(reduced_plan<executor::Bfloat16Convolution>(pairs->table()), *pairs,
                        {1, 5, 6, 11});
    }
}

TEST_CASE("so does one whose feature maps are bytes") {
    std::vector<const executor::KernelSet*> sets{&executor::plain_int8_kernels()};
    if (const auto* const bytes = executor::best_kernel_set(Precision::int8)) {
        sets.push_back(bytes);
    }
    for (const auto* const set : sets) {
        check_same_bits(calibrated_network_plan(set->table()), *set, {2, 3, 9, 8});
    }
}

TEST_CASE("a plan that was read remains valid whatever happens to the file") {
    const auto bytes = compiled_bytes(small_network_plan(target.table(), executor::Axes::channels),
                                      target, network);
    auto read = read_compiled_network(file_in_memory(bytes), target, &network);
    REQUIRE(read.has_value());
    const auto input = picture({1, 3, 6, 6});
    CHECK(forward(std::move(*read), target, input).values ==
          forward(small_network_plan(target.table(), executor::Axes::channels), target, input)
              .values);
}

TEST_CASE("a file compiled from another network, or for another purpose, is not used") {
    const auto bytes = compiled_bytes(small_network_plan(target.table(), executor::Axes::channels),
                                      target, network);
    const auto reads = [&](const executor::KernelSet& wanted, const PackageFile& of) {
        return read_compiled_network(file_in_memory(bytes), wanted, &of).has_value();
    };
    CHECK(reads(target, network));
    CHECK_FALSE(reads(target, {"the Torchscript", "network.pt", nullptr}));
    CHECK_FALSE(reads(target, {"the TorchScript.", "network.pt", nullptr}));
    CHECK_FALSE(reads(target, {"", "network.pt", nullptr}));
    for (const auto* const other : executor::float32_kernel_sets()) {
        CHECK(reads(*other, network) == (other == &target));
    }
    CHECK(read_with("precision", "fp32").has_value());
    CHECK_FALSE(read_with("precision", "bf16").has_value());
    CHECK_FALSE(read_with("format", 3).has_value());
    CHECK_FALSE(read_with("format", "4").has_value());
    CHECK_FALSE(read_with("layout", nullptr).has_value());
    CHECK_FALSE(read_with("network", "").has_value());
}

TEST_CASE("files of reduced precision are used only for their own order of weights" *
          executor::needs_int8()) {
    const auto& bytes = *executor::best_kernel_set(Precision::int8);
    const auto& floats = *executor::best_kernel_set(Precision::float32);
    const auto file =
        compiled_bytes(reduced_plan<executor::Int8Convolution>(bytes.table()), bytes, network);
    CHECK(read_compiled_network(file_in_memory(file), bytes, &network).has_value());
    CHECK_FALSE(read_compiled_network(file_in_memory(file), floats, &network).has_value());
}

TEST_CASE("only the end of a large network is read to identify it") {
    std::string large((std::size_t{1} << 20U) + 10, 'a');
    const auto bytes = compiled_bytes(small_network_plan(target.table(), executor::Axes::channels),
                                      target, {large, "network.pt", nullptr});
    const auto reads = [&] {
        const PackageFile of(large, "network.pt", nullptr);
        return read_compiled_network(file_in_memory(bytes), target, &of).has_value();
    };
    large[3] = 'b';
    CHECK(reads());
    large[large.size() / 2] = 'b';
    CHECK_FALSE(reads());
}

TEST_CASE("files are named after their network, instructions and precision") {
    CHECK(compiled_file_name("detector", target) == "detector.portable-fp32.compiled");
    for (const auto& set : executor::kernel_sets()) {
        const std::string name(set.name);
        CHECK(compiled_file_name("detector.v1.pt", set) ==
              "detector.v1." + name + "-" + std::string(name_of(set.precision)) + ".compiled");
    }
}

TEST_CASE("an existing file is not overwritten") {
    const TemporaryFolder folder;
    const auto file = folder.write("network.compiled", "mine");
    CHECK_THROWS_AS(
        write_compiled_network(small_network_plan(target.table(), executor::Axes::channels), target,
                               network, file),
        IoError);
    CHECK(std::filesystem::file_size(file) == 4);
}

TEST_CASE("the seeds of the fuzz target are valid files") {
    // Also fails if the meaning of the format changes without a new format number.
    const auto* const avx2 = executor::find_kernel_set("avx2", Precision::float32);
    if (!avx2->supported()) {
        MESSAGE("SKIPPED: this CPU has no AVX2");
        return;
    }
    const auto path = std::filesystem::path(SPECIESNET_SOURCE_DIR) /
                      "tests/fuzz/corpus/compiled_network/boxes.compiled";
    const auto seed = map_file(path);
    auto read = read_compiled_network({seed.content, path.string(), seed.owner}, *avx2, &network);
    REQUIRE(read.has_value());
    CHECK(compiled_bytes(*read, *avx2, network) == seed.content);
    const auto input = picture({1, 3, 6, 6});
    CHECK(forward(std::move(*read), *avx2, input).values ==
          forward(small_network_plan(avx2->table(), executor::Axes::pixels), *avx2, input).values);
}
