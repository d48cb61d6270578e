// SPDX-License-Identifier: Apache-2.0
// The kernels for AVX2 and FMA. Compiled with its own flags; only called if the CPU has them.
#include "executor/kernel_tables.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/avx2_templates.hpp"

/// Sums of four products of bytes, without an instruction for them.
struct ByteFactors {
    static constexpr bool has_integer_sums = true;
    using Bytes = Avx2Bytes;
    static __m256 add(__m256 x, __m256 y, __m256 sum) {
        const auto pixels = _mm256_castps_si256(x);
        const auto weights = _mm256_castps_si256(y);
        // Widened to 16 bits, because sums of two products of bytes do not fit into 16 bits.
        const auto even = _mm256_madd_epi16(_mm256_and_si256(pixels, _mm256_set1_epi16(0xFF)),
                                            _mm256_srai_epi16(_mm256_slli_epi16(weights, 8), 8));
        const auto odd =
            _mm256_madd_epi16(_mm256_srli_epi16(pixels, 8), _mm256_srai_epi16(weights, 8));
        const auto products = _mm256_add_epi32(even, odd);
        return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(sum), products));
    }
};

}  // namespace

const Kernels& avx2_kernels() {
    static constexpr Kernels table = table_of<Avx2>(avx2_tiles, convolve<FloatFactors<Avx2>>);
    return table;
}

const Int8Kernels& avx2_int8_kernels() {
    static constexpr Int8Kernels table =
        table_of_bytes<Avx2Bytes>(avx2_tiles, convolve<ByteFactors>, widen_range);
    return table;
}

}  // namespace speciesnet::executor
