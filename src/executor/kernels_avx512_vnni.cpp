// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes with AVX-512 VNNI. Compiled with its own flags; only called if the CPU has
// it.
#include "executor/kernel_tables.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/avx512_templates.hpp"

struct ByteFactors {
    static constexpr bool has_integer_sums = true;
    using Bytes = Avx512Bytes;
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

}  // namespace

const Int8Kernels& avx512_int8_kernels() {
    static constexpr Int8Kernels table =
        table_of_bytes<Avx512Bytes>(avx512_tiles, convolve<ByteFactors>, widen_range);
    return table;
}

}  // namespace speciesnet::executor
