// SPDX-License-Identifier: Apache-2.0
// The kernels for AVX2 and FMA. Compiled with its own flags; only called if the CPU has them.
#include "executor/kernel_tables.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

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
    static Type reciprocal_estimate(Type x) { return _mm256_rcp_ps(x); }
};

#include "executor/kernel_templates.hpp"

void convolve(const ConvolutionTile& tile) {
    if (tile.vectors == 2) {
        convolve_tile<Avx2, FloatFactors<Avx2>, 6, 2>(tile);
    } else {
        convolve_tile<Avx2, FloatFactors<Avx2>, 6, 1>(tile);
    }
}

}  // namespace

const Kernels& avx2_kernels() {
    static constexpr Kernels table = table_of<Avx2>(avx2_tiles, convolve);
    return table;
}

}  // namespace speciesnet::executor
