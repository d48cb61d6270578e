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

const Kernels& kernels(InstructionSet set) {
    static const Kernels with_int8 = [] {
        Kernels table = avx512_kernels();
        table.int8 = &avx512_int8_kernels();
        return table;
    }();
    static const Kernels with_bfloat16 = [] {
        Kernels table = with_int8;
        table.bfloat16 = &avx512_bfloat16_kernels();
        return table;
    }();
    static const Kernels with_matrices = [] {
        Kernels table = with_bfloat16;
        table.int8 = &amx_kernels().int8;
        table.bfloat16 = &amx_kernels().bfloat16;
        return table;
    }();
    switch (set) {
        case InstructionSet::amx:
            return with_matrices;
        case InstructionSet::avx512:
            return avx512_kernels();
        case InstructionSet::avx512_vnni:
            return with_int8;
        case InstructionSet::avx512_bf16:
            return with_bfloat16;
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
