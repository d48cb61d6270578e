// SPDX-License-Identifier: Apache-2.0
// operations: measures each operation of a network in the executor against the limits of the
// machine, and compares the whole network with LibTorch's interpreter after comparing the answers.
#include "speciesnet/model.hpp"

#include "executor/kernels.hpp"
#include "measure/operation_table.hpp"
#include "network/network.hpp"
#include "system/memory.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace speciesnet;

constexpr int runs = 3;

FloatArray input_of(std::vector<std::int64_t> shape) {
    std::int64_t count = 1;
    for (const auto size : shape) {
        count *= size;
    }
    FloatArray input{std::move(shape), std::vector<float>(static_cast<std::size_t>(count))};
    std::uint32_t state = 1;
    for (auto& value : input.values) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<float>(state >> 24U) / 255.0F;
    }
    return input;
}

/// Returns the minimum of a few runs.
double seconds(const Network& network, const FloatArray& input) {
    double least = 0;
    for (int run = 0; run < runs; ++run) {
        const auto start = std::chrono::steady_clock::now();
        network.forward(input);
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        least = run == 0 ? taken.count() : std::min(least, taken.count());
    }
    return least;
}

double largest_difference(const FloatArray& a, const FloatArray& b) {
    if (a.shape != b.shape) {
        throw std::runtime_error("the outputs have different shapes");
    }
    double largest = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        const double difference = std::abs(a.values[i] - b.values[i]);
        largest = std::max(largest, difference / std::max(1.0F, std::abs(b.values[i])));
    }
    return largest;
}

int run(int count, char** arguments) {
    if (count < 6) {
        std::fprintf(stderr,
                     "usage: operations NETWORK THREADS AXIS AXIS AXIS AXIS [--no-interpreter]\n"
                     "e.g.   operations detector.torchscript.pt 2 1 3 960 1280\n");
        return 2;
    }
    const std::string path = arguments[1];
    const auto file = map_file(path);
    const auto threads = std::make_shared<NetworkThreads>(std::atoi(arguments[2]));
    std::vector<std::int64_t> shape;
    for (int i = 3; i < 7 && i < count; ++i) {
        shape.push_back(std::atoll(arguments[i]));
    }
    const auto input = input_of(shape);
    const PackageFile package{file.content, path, file.owner};

    const double bandwidth = benchmark::print_limits(threads->threads());
    std::optional<FloatArray> reference;
    double baseline = 0;
    if (count < 8) {
        const Network interpreted(package, threads, {.kernels = nullptr});
        reference = interpreted.forward(input);
        baseline = seconds(interpreted, input);
        std::printf("LibTorch's interpreter: %.3f s\n", baseline);
    }
    for (const auto& set : executor::kernel_sets()) {
        if (!set.supported()) {
            continue;
        }
        const auto name = std::string(set.name) + ", " + std::string(name_of(set.precision));
        const auto start = std::chrono::steady_clock::now();
        const Network network(package, threads, {.kernels = &set, .precision = set.precision});
        const std::chrono::duration<double> loading = std::chrono::steady_clock::now() - start;
        if (network.plan() == nullptr) {
            std::printf("LibTorch runs this network: %s\n", network.reason_without_plan().c_str());
            return 1;
        }
        if (reference) {
            std::printf("%s: largest difference %.2e\n", name.c_str(),
                        largest_difference(network.forward(input), *reference));
        }
        const double taken = seconds(network, input);
        std::printf("%s: %.3f s", name.c_str(), taken);
        if (reference) {
            std::printf(", %.2f times LibTorch's speed", baseline / taken);
        }
        std::printf(" (loaded in %.2f s)\n", loading.count());
        std::vector<executor::OperationTiming> timings;
        network.forward(
            input, [&](const executor::OperationTiming& timing) { timings.push_back(timing); });
        benchmark::print_operations(
            timings, {.bandwidth = bandwidth,
                      .rate = benchmark::multiply_add_rate(set, threads->threads())});
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run(count, arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "operations: %s\n", error.what());
        return 1;
    }
}
