// SPDX-License-Identifier: Apache-2.0
// Vectors of AVX-512, and the tiles that fit into its registers. Included like
// kernel_templates.hpp, which it includes.

struct Avx512 {
    using Type = __m512;
    static constexpr int width = 16;
    static constexpr std::size_t floats(std::size_t channels) { return channels; }
    static Type load(const float* from) { return _mm512_loadu_ps(from); }
    static Type load_some(const float* from, std::size_t count) {
        return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1U), from);
    }
    static void store(float* to, Type x) { _mm512_storeu_ps(to, x); }
    static void store_some(float* to, Type x, std::size_t count) {
        _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1U << count) - 1U), x);
    }
    static Type broadcast(float x) { return _mm512_set1_ps(x); }
    static Type add(Type x, Type y) { return _mm512_add_ps(x, y); }
    static Type sub(Type x, Type y) { return _mm512_sub_ps(x, y); }
    static Type mul(Type x, Type y) { return _mm512_mul_ps(x, y); }
    static Type fma(Type x, Type y, Type z) { return _mm512_fmadd_ps(x, y, z); }
    static Type fnma(Type x, Type y, Type z) { return _mm512_fnmadd_ps(x, y, z); }
    static Type min(Type x, Type y) { return _mm512_min_ps(x, y); }
    static Type max(Type x, Type y) { return _mm512_max_ps(x, y); }
    static Type round(Type x) {
        return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    static Type scale_by_power(Type x, Type exponent) { return _mm512_scalef_ps(x, exponent); }
    /// Returns x - ⌊x⌋.
    static Type above_floor(Type x) {
        return _mm512_reduce_ps(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
    }
    /// Returns x × 2^⌊exponent⌋.
    static Type scale_by_floor(Type x, Type exponent) { return _mm512_scalef_ps(x, exponent); }
    static Type from_integers(Type x) { return _mm512_cvtepi32_ps(_mm512_castps_si512(x)); }
    static constexpr int estimate_bits = 14;
    static Type reciprocal_estimate(Type x) { return _mm512_rcp14_ps(x); }
};

/// Sixteen channels as unsigned bytes.
struct Avx512Bytes {
    using Vector = Avx512;
    static constexpr float least = 0;
    static __m512 load_some(const float* fours, std::size_t count) {
        return _mm512_cvtepi32_ps(
            _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi32(mask_of_fours(count), fours)));
    }
    static void store_some(float* fours, __m512 x, std::size_t count) {
        const auto limited = _mm512_min_ps(_mm512_set1_ps(255.0F), x);
        const auto whole = _mm512_max_epi32(_mm512_cvtps_epi32(limited), _mm512_setzero_si512());
        const auto valid = static_cast<__mmask16>((1U << count) - 1U);
        _mm_mask_storeu_epi32(fours, mask_of_fours(count),
                              _mm512_maskz_cvtusepi32_epi8(valid, whole));
    }

private:
    static __mmask8 mask_of_fours(std::size_t count) {
        return static_cast<__mmask8>((1U << ((count + 3) / 4)) - 1U);
    }
};

#include "executor/kernel_templates.hpp"

template <class Factors>
void convolve(const ConvolutionTile& tile) {
    switch (tile.tile_rows * 8 + tile.vectors) {
        case 5 * 8 + 5:
            return convolve_tile<Avx512, Factors, 5, 5>(tile);
        case 5 * 8 + 4:
            return convolve_tile<Avx512, Factors, 5, 4>(tile);
        case 6 * 8 + 4:
            return convolve_tile<Avx512, Factors, 6, 4>(tile);
        case 6 * 8 + 3:
            return convolve_tile<Avx512, Factors, 6, 3>(tile);
        case 8 * 8 + 3:
            return convolve_tile<Avx512, Factors, 8, 3>(tile);
        case 8 * 8 + 2:
            return convolve_tile<Avx512, Factors, 8, 2>(tile);
        case 10 * 8 + 2:
            return convolve_tile<Avx512, Factors, 10, 2>(tile);
        case 10 * 8 + 1:
            return convolve_tile<Avx512, Factors, 10, 1>(tile);
        default:
            break;
    }
}
