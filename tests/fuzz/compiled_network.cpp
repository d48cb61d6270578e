// SPDX-License-Identifier: Apache-2.0
// Fuzzes read_compiled_network(). Input: a compiled network, or the description part of one. Checks
// that an accepted network survives a round trip through compiled_bytes(), and that it runs on a
// 4×4 image or refuses it with InvalidArgument.
#include "network/compiled_network.hpp"

#include "speciesnet/error.hpp"

#include "fuzz/agreement.hpp"
#include "unit/compiled_file.hpp"
#include "unit/network_plan_fixtures.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace {

using namespace speciesnet;

/// The seeds are compiled for AVX2 or for plain_int8_kernels(). Without AVX2, those for AVX2 are
/// files for another CPU.
const executor::KernelSet& float32_target = []() -> const executor::KernelSet& {
    const auto* const avx2 = executor::find_kernel_set("avx2", Precision::float32);
    return avx2->supported() ? *avx2 : executor::kernel_sets().front();
}();
/// More expensive networks are not run, to keep the fuzzer fast.
constexpr double most_cost = 1e6;

/// Returns the package file that the seeds were compiled from.
const PackageFile& network() {
    static const PackageFile file("the TorchScript", "network.pt", nullptr);
    return file;
}

/// Returns the bytes of enough weights for small networks.
const std::string& some_numbers() {
    static const std::string bytes = [] {
        const auto values = executor::numbers(4096, 1);
        return std::string(reinterpret_cast<const char*>(values.data()),
                           values.size() * sizeof(float));
    }();
    return bytes;
}

std::optional<executor::NetworkPlan> read(const std::string& file,
                                          const executor::KernelSet& target) {
    try {
        return read_compiled_network(file_in_memory(file), target, &network());
    } catch (const ModelError&) {
        return std::nullopt;
    }
}

/// Returns the shape of the output for a 4 × 4 image; nothing if the plan is too expensive or
/// refuses it.
std::optional<std::vector<std::int64_t>> answer(executor::NetworkPlan plan,
                                                const executor::KernelSet& target) {
    const auto channels = plan.plan.inputs().front().layout.channels;
    const executor::PictureSize size{1, 4, 4, channels};
    try {
        if (cost_of(plan.plan, size) > most_cost) {
            return std::nullopt;
        }
        const auto axis = static_cast<std::int64_t>(channels);
        const FloatArray input{plan.channels_first ? std::vector<std::int64_t>{1, axis, 4, 4}
                                                   : std::vector<std::int64_t>{1, 4, 4, axis},
                               executor::numbers(size.pixels() * channels, 2)};
        executor::Workspace workspace(1);
        PlanNetwork runnable(std::move(plan), target.table(), workspace);
        const auto output = runnable.forward(input, {});
        fuzz::require(runnable.output_shape(input.shape) == output.shape,
                      "output_shape() predicts the shape");
        return output.shape;
    } catch (const InvalidArgument&) {
        return std::nullopt;
    }
}

void check(const std::string& file, const executor::KernelSet& target) {
    auto plan = read(file, target);
    if (!plan) {
        return;
    }
    const auto written = compiled_bytes(*plan, target, network());
    auto again = read(written, target);
    fuzz::require(again.has_value(), "an accepted network can be written and read again");
    fuzz::require(compiled_bytes(*again, target, network()) == written,
                  "a round trip preserves the bytes");
    fuzz::require(answer(std::move(*plan), target) == answer(std::move(*again), target),
                  "both give an output of the same shape, or neither gives one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(fuzz::text(data, size));
    for (const auto* const target : {&float32_target, &executor::plain_int8_kernels()}) {
        check(bytes, *target);
        check(CompiledParts{.description = bytes, .numbers = some_numbers()}.file(), *target);
    }
    return 0;
}
