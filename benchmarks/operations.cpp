// SPDX-License-Identifier: Apache-2.0
// operations: measures each operation of a network in the executor, and compares the whole network
// with LibTorch's interpreter after comparing the answers. Prints for each operation its bound and
// the percentage reached: the multiply-adds of its arithmetic in registers, or the copying of
// memory, both measured in the same run. Winograd's method may exceed 100 %, because it multiplies
// less often than the definition, on which the rates are based; so may an operation whose feature
// maps are in a cache.
#include "speciesnet/model.hpp"

#include "executor/kernels.hpp"
#include "measure/machine.hpp"
#include "network/network.hpp"
#include "system/memory.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
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

/// The limits of the machine.
struct Limits {
    double bandwidth = 0;  ///< Bytes in a second.
    double rate = 0;       ///< Operations in a second.
};

std::optional<benchmark::Arithmetic> arithmetic_of(const executor::KernelSet& set) {
    using benchmark::Arithmetic;
    const bool is_amx = set.name == "amx";
    switch (set.precision) {
        case Precision::int8:
            return is_amx ? Arithmetic::amx_int8 : Arithmetic::avx512_vnni;
        case Precision::bfloat16:
            return is_amx ? Arithmetic::amx_bfloat16 : Arithmetic::avx512_bfloat16;
        default:
            return set.name == "avx512" ? std::optional(Arithmetic::avx512)
                   : set.name == "avx2" ? std::optional(Arithmetic::avx2)
                                        : std::nullopt;
    }
}

void print_operations(const Network& network, const FloatArray& input, const Limits& limits) {
    struct Sum {
        int count = 0;
        double seconds = 0;
        double flops = 0;
        double bytes = 0;
    };
    std::map<std::string, Sum> sums;
    network.forward(input, [&](const executor::OperationTiming& timing) {
        auto& sum = sums[timing.name + " at " + std::to_string(timing.output.height) + "x" +
                         std::to_string(timing.output.width)];
        ++sum.count;
        sum.seconds += timing.seconds;
        sum.flops += timing.flops;
        sum.bytes += timing.bytes;
    });
    std::vector<std::pair<std::string, Sum>> sorted(sums.begin(), sums.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.second.seconds > b.second.seconds; });
    Sum all;
    double least = 0;
    for (const auto& [name, sum] : sorted) {
        const double computing = limits.rate > 0 ? sum.flops / limits.rate : 0;
        const double moving = sum.bytes / limits.bandwidth;
        std::printf("%8.2f ms  %3d x  %7.1f GFLOP/s  %6.1f GB/s  %5.0f %% of %s  %s\n",
                    sum.seconds * 1e3, sum.count, sum.flops / sum.seconds * 1e-9,
                    sum.bytes / sum.seconds * 1e-9, 100 * std::max(computing, moving) / sum.seconds,
                    computing > moving ? "registers" : "memory   ", name.c_str());
        all.seconds += sum.seconds;
        all.flops += sum.flops;
        all.bytes += sum.bytes;
        least += std::max(computing, moving);
    }
    std::printf("%8.2f ms  all operations, %.1f GFLOP, %.2f GB; %.2f ms at the limits\n",
                all.seconds * 1e3, all.flops * 1e-9, all.bytes * 1e-9, least * 1e3);
}

/// Prints the limits of all kinds of kernels. @return the bandwidth
double print_limits(int threads) {
    std::printf("%s, %d threads, in registers alone:\n", benchmark::cpu_name().c_str(), threads);
    for (const auto arithmetic : benchmark::every_arithmetic) {
        if (const auto rate = benchmark::multiply_add_rate(arithmetic, threads)) {
            std::printf("%10.1f GFLOP/s  %s\n", *rate * 1e-9, benchmark::name(arithmetic));
        }
    }
    const double bandwidth = benchmark::copy_bandwidth();
    std::printf("%10.1f GB/s     copying memory, one thread\n", bandwidth * 1e-9);
    return bandwidth;
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

    const int thread_number = threads->threads();
    const double bandwidth = print_limits(thread_number);
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
        const auto arithmetic = arithmetic_of(set);
        const auto rate =
            arithmetic ? benchmark::multiply_add_rate(*arithmetic, thread_number) : std::nullopt;
        print_operations(network, input, {.bandwidth = bandwidth, .rate = rate.value_or(0)});
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
