// SPDX-License-Identifier: Apache-2.0
// Chooses the kernels at run time. The compiler's builtin also checks that the operating system
// saves the registers.
#include "executor/instruction_sets.hpp"

#include "speciesnet/error.hpp"

#include "executor/amx_availability.hpp"

namespace speciesnet::executor {

#if defined(__x86_64__)

std::optional<InstructionSet> best_instruction_set() {
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
        __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0) {
        if (__builtin_cpu_supports("avx512vnni") == 0) {
            return InstructionSet::avx512;
        }
        return __builtin_cpu_supports("avx512bf16") != 0 ? InstructionSet::avx512_bf16
                                                         : InstructionSet::avx512_vnni;
    }
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
        return InstructionSet::avx2;
    }
    return std::nullopt;
}

std::optional<InstructionSet> best_reduced_instruction_set() {
    const auto best = best_instruction_set();
    if (best != InstructionSet::avx512_bf16) {
        return best;
    }
    static const bool has_amx = obtain_amx();
    return has_amx ? InstructionSet::amx : best;
}

namespace {

/// A table is made by code for its own instructions, so it is only made on a CPU that has them.
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

}  // namespace

const Kernels& kernels(InstructionSet set) {
    switch (set) {
        case InstructionSet::amx:
            return amx_table();
        case InstructionSet::avx512_bf16:
            return avx512_bfloat16_table();
        case InstructionSet::avx512_vnni:
            return avx512_vnni_table();
        case InstructionSet::avx512:
            return avx512_kernels();
        case InstructionSet::avx2:
            break;
    }
    return avx2_kernels();
}

#else

std::optional<InstructionSet> best_instruction_set() {
    return std::nullopt;
}

std::optional<InstructionSet> best_reduced_instruction_set() {
    return std::nullopt;
}

const Kernels& kernels(InstructionSet) {
    throw InvalidArgument("there are kernels for x86-64 only");
}

#endif

}  // namespace speciesnet::executor
