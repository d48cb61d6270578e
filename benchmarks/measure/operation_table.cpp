// SPDX-License-Identifier: Apache-2.0
#include "measure/operation_table.hpp"

#include "measure/machine.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace speciesnet::benchmark {
namespace {

std::optional<Arithmetic> arithmetic_of(const executor::KernelSet& set) {
    const bool is_amx = set.name == "amx";
    switch (set.precision) {
        case Precision::int8:
            return is_amx                      ? Arithmetic::amx_int8
                   : set.name == "avx512"      ? Arithmetic::avx512_vnni
                   : has(Arithmetic::avx_vnni) ? Arithmetic::avx_vnni
                                               : Arithmetic::avx2_int8;
        case Precision::bfloat16:
            return is_amx ? Arithmetic::amx_bfloat16 : Arithmetic::avx512_bfloat16;
        default:
            return set.name == "avx512" ? std::optional(Arithmetic::avx512)
                   : set.name == "avx2" ? std::optional(Arithmetic::avx2)
                                        : std::nullopt;
    }
}

struct Sum {
    int count = 0;
    double seconds = 0;
    double flops = 0;
    double bytes = 0;

    void add(const executor::OperationTiming& timing) {
        ++count;
        seconds += timing.seconds;
        flops += timing.flops;
        bytes += timing.bytes;
    }
};

}  // namespace

double multiply_add_rate(const executor::KernelSet& set, int threads) {
    const auto arithmetic = arithmetic_of(set);
    const auto rate = arithmetic ? multiply_add_rate(*arithmetic, threads) : std::nullopt;
    return rate.value_or(0);
}

double print_limits(int threads) {
    std::printf("%s, %d threads, in registers alone:\n", cpu_name().c_str(), threads);
    for (const auto arithmetic : every_arithmetic) {
        if (const auto rate = multiply_add_rate(arithmetic, threads)) {
            std::printf("%10.1f GFLOP/s  %s\n", *rate * 1e-9, name(arithmetic));
        }
    }
    const double bandwidth = copy_bandwidth();
    std::printf("%10.1f GB/s     copying memory, one thread\n", bandwidth * 1e-9);
    return bandwidth;
}

void print_operations(std::span<const executor::OperationTiming> timings, const Limits& limits) {
    std::map<std::string, Sum> sums;
    Sum all;
    for (const auto& timing : timings) {
        sums[timing.name + " at " + std::to_string(timing.output.height) + "x" +
             std::to_string(timing.output.width)]
            .add(timing);
        all.add(timing);
    }
    std::vector<std::pair<std::string, Sum>> sorted(sums.begin(), sums.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.second.seconds > b.second.seconds; });
    double least = 0;
    for (const auto& [name, sum] : sorted) {
        const double computing = limits.rate > 0 ? sum.flops / limits.rate : 0;
        const double moving = sum.bytes / limits.bandwidth;
        std::printf("%8.2f ms  %3d x  %7.1f GFLOP/s  %6.1f GB/s  %5.0f %% of %s  %s\n",
                    sum.seconds * 1e3, sum.count, sum.flops / sum.seconds * 1e-9,
                    sum.bytes / sum.seconds * 1e-9, 100 * std::max(computing, moving) / sum.seconds,
                    computing > moving ? "registers" : "memory   ", name.c_str());
        least += std::max(computing, moving);
    }
    std::printf("%8.2f ms  all operations, %.1f GFLOP, %.2f GB; %.2f ms at the limits\n",
                all.seconds * 1e3, all.flops * 1e-9, all.bytes * 1e-9, least * 1e3);
}

}  // namespace speciesnet::benchmark
