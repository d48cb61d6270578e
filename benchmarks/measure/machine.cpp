// SPDX-License-Identifier: Apache-2.0
// Limits: a copy of main memory, and multiply-adds on independent registers, enough of them to hide
// their latency.
#include "measure/machine.hpp"

#include "measure/timing.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <thread>
#include <vector>

namespace speciesnet::benchmark {
namespace {

/// Independent sums: latency 4 × two units per cycle, and some to spare.
constexpr int sums = 10;
constexpr int steps = 4'000'000;

using Vector8 [[gnu::vector_size(32)]] = float;
using Vector16 [[gnu::vector_size(64)]] = float;

/// The build allows this file, and no other, to contract these to fused instructions.
template <typename Vector>
[[gnu::always_inline]] inline float multiply_and_add() {
    std::array<Vector, sums> sum{};
    for (int index = 0; index < sums; ++index) {
        sum[static_cast<std::size_t>(index)] +=
            static_cast<float>(index);  // Equal ones would be merged.
    }
    const Vector factor = Vector{} + 0.999F;
    for (int step = 0; step < steps; ++step) {
#pragma GCC unroll 10
        for (auto& value : sum) {
            value = value * factor + factor;
        }
    }
    float total = 0;
    for (const auto& value : sum) {
        total += value[0];
    }
    return total;
}

[[gnu::target("avx2,fma")]] float multiply_add_avx2() {
    return multiply_and_add<Vector8>();
}

[[gnu::target("avx512f")]] float multiply_add_avx512() {
    return multiply_and_add<Vector16>();
}

}  // namespace

VectorSet best_vector_set() {
    return __builtin_cpu_supports("avx512f") ? VectorSet::avx512 : VectorSet::avx2;
}

const char* name(VectorSet set) {
    return set == VectorSet::avx512 ? "AVX-512" : "AVX2";
}

std::string cpu_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    return "unknown CPU";
}

double copy_bandwidth() {
    constexpr std::size_t size = std::size_t{256} << 20;
    std::vector<char> from(size, 1);
    std::vector<char> to(size, 2);
    const double taken = fastest([&] { std::memcpy(to.data(), from.data(), size); });
    return 2.0 * static_cast<double>(size) / taken;
}

double multiply_add_rate(VectorSet set, int threads) {
    const bool wide = set == VectorSet::avx512;
    const auto work = [wide] {
        volatile float kept = wide ? multiply_add_avx512() : multiply_add_avx2();
        static_cast<void>(kept);
    };
    const double taken = fastest([&] {
        std::vector<std::jthread> others;
        for (int index = 1; index < threads; ++index) {
            others.emplace_back(work);
        }
        work();
    });
    return 2.0 * (wide ? 16 : 8) * sums * static_cast<double>(steps) * threads / taken;
}

}  // namespace speciesnet::benchmark
