// SPDX-License-Identifier: Apache-2.0
// Vectors of NEON, and the tiles that fit into its registers. Included like kernel_templates.hpp,
// which it includes.

struct Neon {
    using Type = float32x4_t;
    static constexpr int width = 4;
    static constexpr std::size_t floats(std::size_t channels) { return channels; }
    static Type load(const float* from) { return vld1q_f32(from); }
    static Type load_some(const float* from, std::size_t count) {
        if (count == width) {
            return load(from);
        }
        float numbers[width] = {};
        for (std::size_t i = 0; i < count; ++i) {
            numbers[i] = from[i];
        }
        return vld1q_f32(numbers);
    }
    static void store(float* to, Type x) { vst1q_f32(to, x); }
    static void store_some(float* to, Type x, std::size_t count) {
        float numbers[width];
        store(numbers, x);
        for (std::size_t i = 0; i < count; ++i) {
            to[i] = numbers[i];
        }
    }
    static Type broadcast(float x) { return vdupq_n_f32(x); }
    static Type add(Type x, Type y) { return vaddq_f32(x, y); }
    static Type sub(Type x, Type y) { return vsubq_f32(x, y); }
    static Type mul(Type x, Type y) { return vmulq_f32(x, y); }
    static Type fma(Type x, Type y, Type z) { return vfmaq_f32(z, x, y); }
    static Type fnma(Type x, Type y, Type z) { return vfmsq_f32(z, x, y); }
    static Type min(Type x, Type y) { return vminq_f32(x, y); }
    static Type max(Type x, Type y) { return vmaxq_f32(x, y); }
    static Type round(Type x) { return vrndnq_f32(x); }
    /// Requires an integer exponent and a result that is not subnormal.
    static Type scale_by_power(Type x, Type exponent) {
        const int32x4_t shifted = vshlq_n_s32(vcvtq_s32_f32(exponent), 23);
        return vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(x), shifted));
    }
    static Type floor(Type x) { return vrndmq_f32(x); }
    static Type from_integers(Type x) { return vcvtq_f32_s32(vreinterpretq_s32_f32(x)); }
    static constexpr int estimate_bits = 16;
    /// The CPU's estimate has 8 bits; one Newton step extends it.
    static Type reciprocal_estimate(Type x) {
        const Type estimate = vrecpeq_f32(x);
        return vmulq_f32(estimate, vrecpsq_f32(x, estimate));
    }
};

/// Four channels as signed bytes.
struct NeonBytes {
    using Vector = Neon;
    static constexpr float least = -128;
    static Neon::Type load_some(const float* fours, std::size_t /*count*/) {
        const int8x8_t bytes = vreinterpret_s8_f32(vdup_n_f32(*fours));
        return vcvtq_f32_s32(vmovl_s16(vget_low_s16(vmovl_s8(bytes))));
    }
    /// Saturates.
    static void store_some(float* fours, Neon::Type x, std::size_t count) {
        if (count < Neon::width) {
            float numbers[Neon::width] = {};
            Neon::store_some(numbers, x, count);
            x = Neon::load(numbers);
        }
        const int16x4_t words = vqmovn_s32(vcvtnq_s32_f32(x));
        const int8x8_t bytes = vqmovn_s16(vcombine_s16(words, words));
        *fours = vget_lane_f32(vreinterpret_f32_s8(bytes), 0);
    }
};

#include "executor/kernel_templates.hpp"

template <class Factors>
void convolve(const ConvolutionTile& tile) {
    switch (tile.vectors) {
        case 4:
            convolve_tile<Neon, Factors, 6, 4>(tile);
            break;
        case 3:
            convolve_tile<Neon, Factors, 6, 3>(tile);
            break;
        case 2:
            convolve_tile<Neon, Factors, 6, 2>(tile);
            break;
        default:
            convolve_tile<Neon, Factors, 6, 1>(tile);
    }
}
