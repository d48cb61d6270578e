// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes with AVX-VNNI. Compiled with its own flags; only called if the CPU has
// it.
#include "executor/kernel_tables.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/avx2_templates.hpp"

struct ByteFactors {
    static constexpr bool has_integer_sums = true;
    using Bytes = Avx2Bytes;
    static __m256 add(__m256 x, __m256 y, __m256 sum) {
        return _mm256_castsi256_ps(_mm256_dpbusd_avx_epi32(
            _mm256_castps_si256(sum), _mm256_castps_si256(x), _mm256_castps_si256(y)));
    }
};

}  // namespace

const Int8Kernels& avx_vnni_int8_kernels() {
    static constexpr Int8Kernels table =
        table_of_bytes<Avx2Bytes>(avx2_tiles, convolve<ByteFactors>, widen_range);
    return table;
}

}  // namespace speciesnet::executor
