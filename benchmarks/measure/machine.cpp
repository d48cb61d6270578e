// Limits: a copy of main memory, and multiply-adds on independent registers, enough of them to hide
// their latency.
#include "measure/machine.hpp"

#include "measure/timing.hpp"

#include <cstddef>
#include <cstring>
#include <fstream>
#include <thread>
#include <vector>

#include <immintrin.h>

namespace speciesnet::benchmark {
namespace {

/// Independent sums: latency 4 × two units per cycle, and some to spare.
constexpr int sums = 10;
constexpr int steps = 4'000'000;

[[gnu::target("avx2,fma")]] float multiply_add_avx2() {
    __m256 sum[sums];
    for (auto& value : sum) {
        value = _mm256_set1_ps(1.0F);
    }
    const __m256 factor = _mm256_set1_ps(0.999F);
    for (int step = 0; step < steps; ++step) {
#pragma GCC unroll 10
        for (auto& value : sum) {
            value = _mm256_fmadd_ps(value, factor, factor);
        }
    }
    float total = 0;
    for (const auto& value : sum) {
        total += _mm256_cvtss_f32(value);
    }
    return total;
}

[[gnu::target("avx512f")]] float multiply_add_avx512() {
    __m512 sum[sums];
    for (auto& value : sum) {
        value = _mm512_set1_ps(1.0F);
    }
    const __m512 factor = _mm512_set1_ps(0.999F);
    for (int step = 0; step < steps; ++step) {
#pragma GCC unroll 10
        for (auto& value : sum) {
            value = _mm512_fmadd_ps(value, factor, factor);
        }
    }
    float total = 0;
    for (const auto& value : sum) {
        total += _mm512_cvtss_f32(value);
    }
    return total;
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
