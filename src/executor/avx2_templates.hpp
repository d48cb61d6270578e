// SPDX-License-Identifier: Apache-2.0
// Vectors of AVX2, and the tiles that fit into its registers. Included like kernel_templates.hpp,
// which it includes.

struct Avx2 {
    using Type = __m256;
    static constexpr int width = 8;
    static constexpr std::size_t floats(std::size_t channels) { return channels; }
    static Type load(const float* from) { return _mm256_loadu_ps(from); }
    static Type load_some(const float* from, std::size_t count) {
        float numbers[width] = {};
        for (std::size_t i = 0; i < count; ++i) {
            numbers[i] = from[i];
        }
        return _mm256_loadu_ps(numbers);
    }
    static void store(float* to, Type x) { _mm256_storeu_ps(to, x); }
    static Type broadcast(float x) { return _mm256_set1_ps(x); }
    static Type add(Type x, Type y) { return _mm256_add_ps(x, y); }
    static Type sub(Type x, Type y) { return _mm256_sub_ps(x, y); }
    static Type mul(Type x, Type y) { return _mm256_mul_ps(x, y); }
    static Type fma(Type x, Type y, Type z) { return _mm256_fmadd_ps(x, y, z); }
    static Type fnma(Type x, Type y, Type z) { return _mm256_fnmadd_ps(x, y, z); }
    static Type min(Type x, Type y) { return _mm256_min_ps(x, y); }
    static Type max(Type x, Type y) { return _mm256_max_ps(x, y); }
    static Type round(Type x) {
        return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    /// Requires an integer exponent and a result that is not subnormal.
    static Type scale_by_power(Type x, Type exponent) {
        const __m256i shifted = _mm256_slli_epi32(_mm256_cvtps_epi32(exponent), 23);
        return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(x), shifted));
    }
    static Type floor(Type x) { return _mm256_floor_ps(x); }
    static Type from_integers(Type x) { return _mm256_cvtepi32_ps(_mm256_castps_si256(x)); }
    static constexpr int estimate_bits = 11;
    static Type reciprocal_estimate(Type x) { return _mm256_rcp_ps(x); }
};

/// Eight channels as unsigned bytes.
struct Avx2Bytes {
    using Vector = Avx2;
    static constexpr float least = 0;
    static __m256 load_some(const float* fours, std::size_t count) {
        return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(
            count > 4 ? _mm_loadl_epi64(reinterpret_cast<const __m128i*>(fours))
                      : _mm_castps_si128(_mm_load_ss(fours))));
    }
    /// Saturates.
    static void store_some(float* fours, __m256 x, std::size_t count) {
        if (count < Avx2::width) {
            float numbers[Avx2::width];
            Avx2::store(numbers, x);
            x = Avx2::load_some(numbers, count);
        }
        const auto integers = _mm256_cvtps_epi32(_mm256_min_ps(_mm256_set1_ps(255.0F), x));
        const auto words = _mm_packus_epi32(_mm256_castsi256_si128(integers),
                                            _mm256_extracti128_si256(integers, 1));
        const auto bytes = _mm_packus_epi16(words, words);
        if (count > 4) {
            _mm_storel_epi64(reinterpret_cast<__m128i*>(fours), bytes);
        } else {
            _mm_store_ss(fours, _mm_castsi128_ps(bytes));
        }
    }
};

#include "executor/kernel_templates.hpp"

template <class Factors>
void convolve(const ConvolutionTile& tile) {
    if (tile.vectors == 2) {
        convolve_tile<Avx2, Factors, 6, 2>(tile);
    } else {
        convolve_tile<Avx2, Factors, 6, 1>(tile);
    }
}

/// Extends a range so that it contains the values that are not NaN.
void widen_range(const float* numbers, std::size_t count, float& least, float& most) {
    auto low = Avx2::broadcast(least);
    auto high = Avx2::broadcast(most);
    std::size_t i = 0;
    for (; i + Avx2::width <= count; i += Avx2::width) {
        const auto x = Avx2::load(numbers + i);
        low = Avx2::min(x, low);
        high = Avx2::max(x, high);
    }
    for (; i < count; ++i) {
        const auto x = Avx2::broadcast(numbers[i]);
        low = Avx2::min(x, low);
        high = Avx2::max(x, high);
    }
    float lows[Avx2::width];
    float highs[Avx2::width];
    Avx2::store(lows, low);
    Avx2::store(highs, high);
    for (int lane = 0; lane < Avx2::width; ++lane) {
        least = lows[lane] < least ? lows[lane] : least;
        most = highs[lane] > most ? highs[lane] : most;
    }
}
