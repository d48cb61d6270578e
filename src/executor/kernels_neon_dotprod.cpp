// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes with the dot products of NEON. Compiled with its own flags; only called if
// the CPU has them.
#include "executor/kernel_tables.hpp"

#include <arm_neon.h>

namespace speciesnet::executor {
namespace {

#include "executor/neon_templates.hpp"

struct ByteFactors {
    static constexpr bool has_integer_sums = true;
    using Bytes = NeonBytes;
    static Neon::Type add(Neon::Type x, Neon::Type y, Neon::Type sum) {
        return vreinterpretq_f32_s32(vdotq_s32(vreinterpretq_s32_f32(sum), vreinterpretq_s8_f32(x),
                                               vreinterpretq_s8_f32(y)));
    }
};

void widen_range(const float* numbers, std::size_t count, float& least, float& most) {
    auto low = Neon::broadcast(least);
    auto high = Neon::broadcast(most);
    std::size_t i = 0;
    for (; i + Neon::width <= count; i += Neon::width) {
        const auto x = Neon::load(numbers + i);
        low = vminnmq_f32(low, x);
        high = vmaxnmq_f32(high, x);
    }
    for (; i < count; ++i) {
        const auto x = Neon::broadcast(numbers[i]);
        low = vminnmq_f32(low, x);
        high = vmaxnmq_f32(high, x);
    }
    least = vminnmvq_f32(low);
    most = vmaxnmvq_f32(high);
}

}  // namespace

const Int8Kernels& neon_dotprod_kernels() {
    static constexpr Int8Kernels table =
        table_of_bytes<NeonBytes>(neon_tiles, convolve<ByteFactors>, widen_range);
    return table;
}

}  // namespace speciesnet::executor
