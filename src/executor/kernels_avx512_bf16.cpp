// Convolutions of bfloat16 numbers with AVX-512 BF16. Compiled with its own flags; only called
// where the CPU has it.
#include "executor/instruction_sets.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/avx512_templates.hpp"

/// The instructions' own type has no cast from and to others but through memory that is the same.
__m512bh pairs_of(__m512 x) {
    return reinterpret_cast<__m512bh>(x);
}

struct PairFactors {
    static constexpr bool has_integer_sums = false;
    static __m512 add(__m512 x, __m512 y, __m512 sum) {
        return _mm512_dpbf16_ps(sum, pairs_of(x), pairs_of(y));
    }
};

void round(const float* numbers, std::size_t count, float* pairs) {
    for (std::size_t i = 0; i < count; i += 16, pairs += 8) {
        const std::size_t rest = count - i < 16 ? count - i : 16;
        const auto rounded =
            reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(Avx512::load_some(numbers + i, rest)));
        const auto mask = static_cast<__mmask8>((1U << ((rest + 1) / 2)) - 1U);
        _mm256_mask_storeu_epi32(pairs, mask, rounded);
    }
}

}  // namespace

const Bfloat16Kernels& avx512_bfloat16_kernels() {
    static constexpr Bfloat16Kernels table{
        .tiles = avx512_tiles, .convolve = convolve<PairFactors>, .round = round};
    return table;
}

}  // namespace speciesnet::executor
