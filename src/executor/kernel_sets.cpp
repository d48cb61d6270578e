// SPDX-License-Identifier: Apache-2.0
// Chooses the kernels at run time. The compiler's builtin also checks that the operating system
// saves the registers.
#include "executor/kernel_tables.hpp"
#include "executor/kernels.hpp"

#include <algorithm>
#include <array>

#if defined(__x86_64__)
#include "executor/amx_availability.hpp"
#endif

namespace speciesnet::executor {
namespace {

bool always() {
    return true;
}

#if defined(__x86_64__)

bool has_avx2() {
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
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

constexpr std::array sets{
    KernelSet{"portable", Precision::float32, always, portable_kernels},
    KernelSet{"avx2", Precision::float32, has_avx2, avx2_kernels},
    KernelSet{"avx512", Precision::float32, has_avx512, avx512_kernels},
    KernelSet{"avx512", Precision::int8, has_avx512_vnni, avx512_vnni_table},
    KernelSet{"amx", Precision::int8, has_amx, amx_table},
    KernelSet{"avx512", Precision::bfloat16, has_avx512_bfloat16, avx512_bfloat16_table},
    KernelSet{"amx", Precision::bfloat16, has_amx, amx_table},
};

#elif defined(__aarch64__)

constexpr std::array sets{
    KernelSet{"portable", Precision::float32, always, portable_kernels},
    // Every 64-bit ARM CPU has NEON.
    KernelSet{"neon", Precision::float32, always, neon_kernels},
};

#else

constexpr std::array sets{
    KernelSet{"portable", Precision::float32, always, portable_kernels},
};

#endif

}  // namespace

std::span<const KernelSet> kernel_sets() {
    return sets;
}

const KernelSet* best_kernel_set(Precision precision) {
    const auto best = std::find_if(sets.rbegin(), sets.rend(), [precision](const KernelSet& set) {
        return set.precision == precision && set.supported();
    });
    return best == sets.rend() ? nullptr : &*best;
}

const KernelSet* find_kernel_set(std::string_view name, Precision precision) {
    const auto* const found = std::ranges::find_if(
        sets, [&](const KernelSet& set) { return set.name == name && set.precision == precision; });
    return found != sets.end() && found->supported() ? found : nullptr;
}

}  // namespace speciesnet::executor
