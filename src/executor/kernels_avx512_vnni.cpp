// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes with AVX-512 VNNI. Compiled with its own flags; only called where the CPU
// has it.
#include "executor/kernel_tables.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/avx512_templates.hpp"

struct ByteFactors {
    static constexpr bool has_integer_sums = true;
    static __m512 add(__m512 x, __m512 y, __m512 sum) {
        return _mm512_castsi512_ps(_mm512_dpbusd_epi32(
            _mm512_castps_si512(sum), _mm512_castps_si512(x), _mm512_castps_si512(y)));
    }
};

void widen_range(const float* numbers, std::size_t count, float& least, float& most) {
    auto low = Avx512::broadcast(least);
    auto high = Avx512::broadcast(most);
    for (std::size_t i = 0; i < count; i += 16) {
        const std::size_t rest = count - i < 16 ? count - i : 16;
        const auto mask = static_cast<__mmask16>((1U << rest) - 1U);
        const auto x = Avx512::load_some(numbers + i, rest);
        low = _mm512_mask_min_ps(low, mask, low, x);
        high = _mm512_mask_max_ps(high, mask, high, x);
    }
    least = _mm512_reduce_min_ps(low);
    most = _mm512_reduce_max_ps(high);
}

void quantize(const float* numbers, std::size_t count, float scale, float zero, float* fours) {
    for (std::size_t i = 0; i < count; i += 16, fours += 4) {
        const std::size_t rest = count - i < 16 ? count - i : 16;
        const auto x = Avx512::fma(Avx512::load_some(numbers + i, rest), Avx512::broadcast(scale),
                                   Avx512::broadcast(zero));
        const auto whole = _mm512_max_epi32(_mm512_cvtps_epi32(x), _mm512_setzero_si512());
        const auto valid = static_cast<__mmask16>((1U << rest) - 1U);
        const auto mask = static_cast<__mmask8>((1U << ((rest + 3) / 4)) - 1U);
        _mm_mask_storeu_epi32(fours, mask, _mm512_maskz_cvtusepi32_epi8(valid, whole));
    }
}

}  // namespace

const Int8Kernels& avx512_int8_kernels() {
    static constexpr Int8Kernels table{.tiles = avx512_tiles,
                                       .convolve = convolve<ByteFactors>,
                                       .widen_range = widen_range,
                                       .quantize = quantize};
    return table;
}

}  // namespace speciesnet::executor
