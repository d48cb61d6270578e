// SPDX-License-Identifier: Apache-2.0
// Measures limits: a copy of main memory, and multiply-adds on independent registers, enough of
// them to hide their latency.
#include "measure/machine.hpp"

#include "measure/timing.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <thread>
#include <vector>

#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace speciesnet::benchmark {
namespace {

/// Independent sums: latency 4 × two units per cycle, and some to spare.
constexpr int sums = 10;
constexpr int steps = 4'000'000;

using Vector8 [[gnu::vector_size(32)]] = float;
using Vector16 [[gnu::vector_size(64)]] = float;

/// The build allows only this file to contract these to fused instructions.
template <typename Vector>
[[gnu::always_inline]] inline float multiply_and_add() {
    std::array<Vector, sums> sum{};
    for (int index = 0; index < sums; ++index) {
        sum[static_cast<std::size_t>(index)] +=
            static_cast<float>(index);  // Equal values would be merged.
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

// The instructions are explicit, because compilers would compute sums of equal products in advance,
// and some do not know all instructions. The assembler repeats them for ten sums, which hide the
// latency.
#define REPEAT_FOR_TEN_SUMS(instructions)                                                          \
    asm volatile(".irp n,0,1,2,3,4,5,6,7,8,9\n\t" instructions "\n\t.endr"                         \
                 :                                                                                 \
                 :                                                                                 \
                 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", \
                   "xmm12")

[[gnu::target("avx512f,avx512bw,avx512vl")]] float dot_bfloat16() {
    for (int step = 0; step < steps; ++step) {
        REPEAT_FOR_TEN_SUMS("vdpbf16ps %%zmm10, %%zmm11, %%zmm\\n");
    }
    return 0;
}

[[gnu::target("avx2")]] float multiply_bytes_avx2() {
    for (int step = 0; step < steps; ++step) {
        REPEAT_FOR_TEN_SUMS(
            "vpmaddwd %%ymm10, %%ymm11, %%ymm12\n\t"
            "vpaddd %%ymm12, %%ymm\\n, %%ymm\\n");
    }
    return 0;
}

[[gnu::target("avx2")]] float dot_bytes_avx_vnni() {
    for (int step = 0; step < steps; ++step) {
        REPEAT_FOR_TEN_SUMS("%{vex%} vpdpbusd %%ymm10, %%ymm11, %%ymm\\n");
    }
    return 0;
}

[[gnu::target("avx512f,avx512bw,avx512vl")]] float dot_bytes() {
    for (int step = 0; step < steps; ++step) {
        REPEAT_FOR_TEN_SUMS("vpdpbusd %%zmm10, %%zmm11, %%zmm\\n");
    }
    return 0;
}

#undef REPEAT_FOR_TEN_SUMS

/// All eight registers of AMX: 16 rows of 64 bytes.
struct TileShapes {
    std::uint8_t palette = 1;
    std::uint8_t reserved[15] = {};
    std::uint16_t bytes_per_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

constexpr int tile_sums = 4;
constexpr int tile_steps = 200'000;

/// Returns the content of a register: small pseudo-random bfloat16 values or bytes. With zeros in
/// its registers, the CPU has a higher clock.
struct TileNumbers {
    TileNumbers() {
        std::uint32_t state = 1;
        for (auto& pair : pairs) {
            state = state * 1664525U + 1013904223U;
            // An exponent of -2 or -1, both signs, any fraction.
            pair = (state & 0x80FF80FFU) | 0x3E803E80U;
        }
    }
    alignas(64) std::uint32_t pairs[16 * 16] = {};
};

/// @param multiply four products of the registers 6 and 7, whose sums are in registers 0 to 3
template <typename Multiply>
float multiply_tiles(const Multiply& multiply) {
    const TileShapes shapes;
    const TileNumbers numbers;
    constexpr std::ptrdiff_t stride = 64;
    constexpr int steps_of_a_sum = 64;
    asm volatile("ldtilecfg %0" : : "m"(shapes));
    asm volatile("tileloadd (%0,%1,1), %%tmm6\n\ttileloadd (%0,%1,1), %%tmm7"
                 :
                 : "r"(numbers.pairs), "r"(stride)
                 : "memory");
    for (int step = 0; step < tile_steps; ++step) {
        if (step % steps_of_a_sum == 0) {
            asm volatile("tilezero %tmm0\n\ttilezero %tmm1\n\ttilezero %tmm2\n\ttilezero %tmm3");
        }
        multiply();
    }
    asm volatile("tilerelease");
    return 0;
}

float multiply_tiles_bfloat16() {
    return multiply_tiles([] {
        asm volatile(
            "tdpbf16ps %tmm7, %tmm6, %tmm0\n\ttdpbf16ps %tmm7, %tmm6, %tmm1\n\t"
            "tdpbf16ps %tmm7, %tmm6, %tmm2\n\ttdpbf16ps %tmm7, %tmm6, %tmm3");
    });
}

float multiply_tiles_bytes() {
    return multiply_tiles([] {
        asm volatile(
            "tdpbusd %tmm7, %tmm6, %tmm0\n\ttdpbusd %tmm7, %tmm6, %tmm1\n\t"
            "tdpbusd %tmm7, %tmm6, %tmm2\n\ttdpbusd %tmm7, %tmm6, %tmm3");
    });
}

/// Returns a line of /proc/cpuinfo without its name; empty if there is none.
std::string cpu_line(std::string_view name) {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with(name) && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    return {};
}

/// Surrounds each flag with blanks.
std::string cpu_flags() {
    return ' ' + cpu_line("flags") + ' ';
}

/// Linux enables the registers only for processes that request them.
bool may_use_tiles() {
    constexpr long request_permission = 0x1023;  // ARCH_REQ_XCOMP_PERM
    constexpr long tile_data = 18;               // XFEATURE_XTILEDATA
    return ::syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

/// Returns the operations of all threads together in a second.
double rate(float (*multiply)(), double operations, int threads) {
    const auto work = [multiply] {
        volatile float kept = multiply();
        static_cast<void>(kept);
    };
    const double taken = fastest([&] {
        std::vector<std::jthread> others;
        for (int index = 1; index < threads; ++index) {
            others.emplace_back(work);
        }
        work();
    });
    return operations * threads / taken;
}

}  // namespace

VectorSet best_vector_set() {
    return __builtin_cpu_supports("avx512f") ? VectorSet::avx512 : VectorSet::avx2;
}

const char* name(VectorSet set) {
    return set == VectorSet::avx512 ? "AVX-512" : "AVX2";
}

std::string cpu_name() {
    const auto name = cpu_line("model name");
    return name.empty() ? "unknown CPU" : name;
}

double multiply_add_rate(VectorSet set, int threads) {
    return *multiply_add_rate(set == VectorSet::avx512 ? Arithmetic::avx512 : Arithmetic::avx2,
                              threads);
}

const char* name(Arithmetic arithmetic) {
    switch (arithmetic) {
        case Arithmetic::avx2:
            return "AVX2, float32";
        case Arithmetic::avx2_int8:
            return "AVX2, int8";
        case Arithmetic::avx_vnni:
            return "AVX-VNNI, int8";
        case Arithmetic::avx512:
            return "AVX-512, float32";
        case Arithmetic::avx512_bfloat16:
            return "AVX-512, bfloat16";
        case Arithmetic::avx512_vnni:
            return "AVX-512, int8";
        case Arithmetic::amx_bfloat16:
            return "AMX, bfloat16";
        case Arithmetic::amx_int8:
            return "AMX, int8";
    }
    return "";
}

bool has(Arithmetic arithmetic) {
    switch (arithmetic) {
        case Arithmetic::avx2:
        case Arithmetic::avx2_int8:
            return __builtin_cpu_supports("avx2") != 0;
        case Arithmetic::avx_vnni:
            // Not all compilers know its name.
            return cpu_flags().find(" avx_vnni ") != std::string::npos;
        case Arithmetic::avx512:
            return __builtin_cpu_supports("avx512f") != 0;
        case Arithmetic::avx512_bfloat16:
            return __builtin_cpu_supports("avx512bf16") != 0;
        case Arithmetic::avx512_vnni:
            return __builtin_cpu_supports("avx512vnni") != 0;
        case Arithmetic::amx_bfloat16:
        case Arithmetic::amx_int8:
            // Compilers without AMX also lack the name of the feature.
            return cpu_flags().find(" amx_tile ") != std::string::npos && may_use_tiles();
    }
    return false;
}

std::optional<double> multiply_add_rate(Arithmetic arithmetic, int threads) {
    if (!has(arithmetic)) {
        return std::nullopt;
    }
    constexpr double vector_products = 2.0 * sums * static_cast<double>(steps);
    constexpr double tile_products = 2.0 * 16 * 16 * tile_sums * static_cast<double>(tile_steps);
    switch (arithmetic) {
        case Arithmetic::avx2:
            return rate(multiply_add_avx2, 8 * vector_products, threads);
        case Arithmetic::avx2_int8:
            return rate(multiply_bytes_avx2, 16 * vector_products, threads);
        case Arithmetic::avx_vnni:
            return rate(dot_bytes_avx_vnni, 32 * vector_products, threads);
        case Arithmetic::avx512:
            return rate(multiply_add_avx512, 16 * vector_products, threads);
        case Arithmetic::avx512_bfloat16:
            return rate(dot_bfloat16, 32 * vector_products, threads);
        case Arithmetic::avx512_vnni:
            return rate(dot_bytes, 64 * vector_products, threads);
        case Arithmetic::amx_bfloat16:
            return rate(multiply_tiles_bfloat16, 32 * tile_products, threads);
        case Arithmetic::amx_int8:
            return rate(multiply_tiles_bytes, 64 * tile_products, threads);
    }
    return std::nullopt;
}

}  // namespace speciesnet::benchmark
