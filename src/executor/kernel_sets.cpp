// SPDX-License-Identifier: Apache-2.0
// Chooses the kernels at run time. The compiler's builtin also checks whether the operating system
// saves the registers.
#include "executor/kernel_tables.hpp"
#include "executor/kernels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#if defined(__x86_64__)
#include "executor/amx_availability.hpp"

#include <cpuid.h>
#elif defined(__aarch64__)
#include "executor/arm_features.hpp"
#endif

namespace speciesnet::executor {
namespace {

/// The functions of a set of kernels in this build.
struct Code {
    bool (*supported)();
    const Kernels& (*table)();
};

bool always() {
    return true;
}

bool never() {
    return false;
}

constexpr Code none{never, nullptr};

#if defined(__x86_64__)

bool has_avx2() {
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
}

/// Source: Intel's manual, CPUID leaf 7, subleaf 1. Not all compilers have a builtin for it.
bool has_avx_vnni() {
    constexpr unsigned wanted = 1U << 4U;
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return has_avx2() && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & wanted) != 0;
}

bool has_avx512() {
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
           __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}

bool has_avx512_vnni() {
    return has_avx512() && __builtin_cpu_supports("avx512vnni") != 0;
}

bool has_avx512_bfloat16() {
    return has_avx512_vnni() && __builtin_cpu_supports("avx512bf16") != 0;
}

bool has_amx() {
    static const bool has = has_avx512_bfloat16() && obtain_amx();
    return has;
}

/// Intel's CPUs multiply bfloat16 at half the rate of float32 without AMX
/// (docs/design/performance.md), AMD's at 1.7 times the rate.
bool multiplies_bfloat16_fast() {
    return __builtin_cpu_is("intel") == 0 || has_amx();
}

const Kernels& avx2_bytes_table() {
    static const Kernels made = [] {
        Kernels table = avx2_kernels();
        table.int8 = has_avx_vnni() ? &avx_vnni_int8_kernels() : &avx2_int8_kernels();
        return table;
    }();
    return made;
}

const Kernels& avx512_vnni_table() {
    static const Kernels made = [] {
        Kernels table = avx512_kernels();
        table.int8 = &avx512_int8_kernels();
        return table;
    }();
    return made;
}

const Kernels& avx512_bfloat16_table() {
    static const Kernels made = [] {
        Kernels table = avx512_vnni_table();
        table.bfloat16 = &avx512_bfloat16_kernels();
        return table;
    }();
    return made;
}

const Kernels& amx_table() {
    static const Kernels made = [] {
        Kernels table = avx512_bfloat16_table();
        table.int8 = &amx_kernels().int8;
        table.bfloat16 = &amx_kernels().bfloat16;
        return table;
    }();
    return made;
}

constexpr Code neon = none;
constexpr Code neon_dotprod = none;
constexpr Code neon_bfloat16 = none;
constexpr Code avx2{has_avx2, avx2_kernels};
constexpr Code avx2_bytes{has_avx2, avx2_bytes_table};
constexpr Code avx512{has_avx512, avx512_kernels};
constexpr Code avx512_vnni{has_avx512_vnni, avx512_vnni_table};
constexpr Code avx512_bfloat16{has_avx512_bfloat16, avx512_bfloat16_table};
constexpr Code amx{has_amx, amx_table};

#else

bool multiplies_bfloat16_fast() {
    return true;
}

#if defined(__aarch64__)

bool has_dotprod() {
    return arm_features().dotprod;
}

bool has_bfloat16() {
    return arm_features().dotprod && arm_features().bf16;
}

const Kernels& neon_dotprod_table() {
    static const Kernels made = [] {
        Kernels table = neon_kernels();
        table.int8 = arm_features().i8mm ? &neon_i8mm_kernels() : &neon_dotprod_kernels();
        return table;
    }();
    return made;
}

const Kernels& neon_bfloat16_table() {
    static const Kernels made = [] {
        Kernels table = neon_dotprod_table();
        table.bfloat16 = &neon_bfloat16_kernels();
        return table;
    }();
    return made;
}

/// Every 64-bit ARM CPU has NEON.
constexpr Code neon{always, neon_kernels};
constexpr Code neon_dotprod{has_dotprod, neon_dotprod_table};
constexpr Code neon_bfloat16{has_bfloat16, neon_bfloat16_table};

#else

constexpr Code neon = none;
constexpr Code neon_dotprod = none;
constexpr Code neon_bfloat16 = none;

#endif

constexpr Code avx2 = none;
constexpr Code avx2_bytes = none;
constexpr Code avx512 = none;
constexpr Code avx512_vnni = none;
constexpr Code avx512_bfloat16 = none;
constexpr Code amx = none;

#endif

const Kernels& plain_int8_table() {
    static const Kernels made = [] {
        Kernels table = portable_kernels();
        table.int8 = &portable_int8_kernels();
        return table;
    }();
    return made;
}

/// Rounds to nearest, ties to even, as the CPU's instruction does. AVX-512 BF16 treats subnormal
/// values as 0, NEON does not.
template <bool keeps_subnormal>
std::uint32_t bfloat16_bits(float number) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    constexpr std::uint32_t quiet = 0x40;
    switch (std::fpclassify(number)) {
        case FP_SUBNORMAL:
            if constexpr (!keeps_subnormal) {
                return bits >> 31U << 15U;
            }
            break;
        case FP_NAN:
            return bits >> 16U | quiet;
        default:
            break;
    }
    return (bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U;
}

template <bool keeps_subnormal>
void round_weights(const float* numbers, std::size_t count, float* pairs) {
    for (std::size_t first = 0; first < count; first += 2) {
        const float second = first + 1 < count ? numbers[first + 1] : 0.0F;
        pairs[first / 2] = std::bit_cast<float>(bfloat16_bits<keeps_subnormal>(second) << 16U |
                                                bfloat16_bits<keeps_subnormal>(numbers[first]));
    }
}

constexpr Int8Kernels portable_bytes{.tiles = portable_tiles};
constexpr Int8Kernels neon_bytes{.tiles = neon_tiles, .least_byte = -128};
constexpr Int8Kernels bytes_of_avx2{.tiles = avx2_tiles};
constexpr Int8Kernels avx512_bytes{.tiles = avx512_tiles};
constexpr Int8Kernels amx_bytes{.tiles = avx512_tiles, .multiplies_matrices = true};
constexpr Bfloat16Kernels neon_pairs{.is_faster_than_winograd = false,
                                     .round = round_weights<true>};
constexpr Bfloat16Kernels avx512_pairs{.is_faster_than_winograd = false,
                                       .round = round_weights<false>};
constexpr Bfloat16Kernels amx_pairs{.is_faster_than_winograd = true, .round = round_weights<false>};

constexpr Kernels portable_layout{.width = 4, .tiles = portable_tiles};
constexpr Kernels plain_int8_layout{.width = 4, .tiles = portable_tiles, .int8 = &portable_bytes};
constexpr Kernels neon_layout{
    .width = 4, .tiles = neon_tiles, .int8 = &neon_bytes, .bfloat16 = &neon_pairs};
constexpr Kernels avx2_layout{.width = 8, .tiles = avx2_tiles, .int8 = &bytes_of_avx2};
constexpr Kernels avx512_layout{
    .width = 16, .tiles = avx512_tiles, .int8 = &avx512_bytes, .bfloat16 = &avx512_pairs};
constexpr Kernels amx_layout{
    .width = 16, .tiles = avx512_tiles, .int8 = &amx_bytes, .bfloat16 = &amx_pairs};

constexpr KernelSet set(std::string_view name, Precision precision, const Code& code,
                        const Kernels& layout) {
    return {name, precision, code.supported, code.table, layout};
}

constexpr std::array sets{
    set("portable", Precision::float32, {always, portable_kernels}, portable_layout),
    set("neon", Precision::float32, neon, neon_layout),
    set("avx2", Precision::float32, avx2, avx2_layout),
    set("avx512", Precision::float32, avx512, avx512_layout),
    set("neon", Precision::int8, neon_dotprod, neon_layout),
    set("avx2", Precision::int8, avx2_bytes, avx2_layout),
    set("avx512", Precision::int8, avx512_vnni, avx512_layout),
    set("amx", Precision::int8, amx, amx_layout),
    set("neon", Precision::bfloat16, neon_bfloat16, neon_layout),
    set("avx512", Precision::bfloat16, avx512_bfloat16, avx512_layout),
    set("amx", Precision::bfloat16, amx, amx_layout),
};

}  // namespace

std::span<const KernelSet> kernel_sets() {
    return sets;
}

const KernelSet& plain_int8_kernels() {
    static constexpr KernelSet plain =
        set("portable", Precision::int8, {always, plain_int8_table}, plain_int8_layout);
    return plain;
}

const KernelSet* best_kernel_set(Precision precision) {
    const auto best = std::find_if(sets.rbegin(), sets.rend(), [precision](const KernelSet& set) {
        return set.precision == precision && set.supported();
    });
    return best == sets.rend() ? nullptr : &*best;
}

const KernelSet* automatic_kernel_set() {
    const auto* const pairs = best_kernel_set(Precision::bfloat16);
    return pairs != nullptr && multiplies_bfloat16_fast() ? pairs
                                                          : best_kernel_set(Precision::float32);
}

const KernelSet* find_kernel_set(std::string_view name, Precision precision) {
    for (const auto& set : sets) {
        if (set.name == name && set.precision == precision) {
            return &set;
        }
    }
    return nullptr;
}

}  // namespace speciesnet::executor
