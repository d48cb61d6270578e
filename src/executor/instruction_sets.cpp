// The choice at run time. The compiler's builtin also asks whether the operating system saves the
// registers.
#include "executor/instruction_sets.hpp"

#include "speciesnet/error.hpp"

namespace speciesnet::executor {

#if defined(__x86_64__)

std::optional<InstructionSet> best_instruction_set() {
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
        __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0) {
        return InstructionSet::avx512;
    }
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
        return InstructionSet::avx2;
    }
    return std::nullopt;
}

const Kernels& kernels(InstructionSet set) {
    return set == InstructionSet::avx512 ? avx512_kernels() : avx2_kernels();
}

#else

std::optional<InstructionSet> best_instruction_set() {
    return std::nullopt;
}

const Kernels& kernels(InstructionSet) {
    throw InvalidArgument("there are kernels for x86-64 only");
}

#endif

}  // namespace speciesnet::executor
