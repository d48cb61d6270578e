// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes with the dot products of NEON. Compiled with its own flags; only called
// where the CPU has them.
#include "executor/kernel_tables.hpp"

#include <arm_neon.h>

namespace speciesnet::executor {
namespace {

#include "executor/neon_templates.hpp"

struct ByteFactors {
    static constexpr bool has_integer_sums = true;
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

/// Four bytes; what is too large or too small becomes the largest or least one.
float quantized(Neon::Type x) {
    const int16x4_t words = vqmovn_s32(vcvtnq_s32_f32(x));
    const int8x8_t bytes = vqmovn_s16(vcombine_s16(words, words));
    return vget_lane_f32(vreinterpret_f32_s8(bytes), 0);
}

void quantize(const float* numbers, std::size_t count, float scale, float zero, float* fours) {
    const auto factor = Neon::broadcast(scale);
    const auto summand = Neon::broadcast(zero);
    std::size_t i = 0;
    for (; i + Neon::width <= count; i += Neon::width) {
        *fours++ = quantized(Neon::fma(Neon::load(numbers + i), factor, summand));
    }
    if (i < count) {
        const std::size_t rest = count - i;
        float bytes[Neon::width] = {};
        Neon::store_some(bytes, Neon::fma(Neon::load_some(numbers + i, rest), factor, summand),
                         rest);
        *fours = quantized(Neon::load(bytes));
    }
}

}  // namespace

const Int8Kernels& neon_dotprod_kernels() {
    static constexpr Int8Kernels table{.tiles = neon_tiles,
                                       .least_byte = -128,
                                       .convolve = convolve<ByteFactors>,
                                       .widen_range = widen_range,
                                       .quantize = quantize};
    return table;
}

}  // namespace speciesnet::executor
