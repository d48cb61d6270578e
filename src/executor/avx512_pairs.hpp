// SPDX-License-Identifier: Apache-2.0
// Vectors of bfloat16 values with AVX-512 BF16. Included like avx512_templates.hpp and
// bfloat16_templates.hpp, both of which it includes.

#include "executor/avx512_templates.hpp"

/// Sixteen channels.
struct Pairs {
    using Vector = Avx512;
    static constexpr std::size_t floats(std::size_t channels) { return channels / 2; }
    static __m512 load(const float* from) {
        return widened(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
    }
    static __m512 load_some(const float* from, std::size_t count) {
        return widened(_mm256_maskz_loadu_epi16(mask_of(count), from));
    }
    static void store(float* to, __m512 x) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), rounded(x));
    }
    static void store_some(float* to, __m512 x, std::size_t count) {
        _mm256_mask_storeu_epi16(to, mask_of(count), rounded(x));
    }
    /// Stores both halves of thirty-two channels.
    static void store(float* to, __m512 lower, __m512 upper) {
        _mm512_storeu_si512(to, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(upper, lower)));
    }

    static __mmask16 mask_of(std::size_t count) {
        return static_cast<__mmask16>((1U << count) - 1U);
    }

private:
    static __m512 widened(__m256i x) {
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(x), 16));
    }
    static __m256i rounded(__m512 x) { return reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x)); }
};

/// Thirty-two channels as two vectors: the even channels and the odd ones.
struct Halves {
    __m512 even;
    __m512 odd;

    /// @param lanes number of pairs in memory
    static Halves load(const float* pairs, std::size_t lanes) {
        const __m512i both = _mm512_maskz_loadu_epi32(Pairs::mask_of(lanes), pairs);
        return {_mm512_castsi512_ps(_mm512_slli_epi32(both, 16)),
                _mm512_castsi512_ps(_mm512_and_si512(both, upper_numbers()))};
    }
    /// Loads thirty-two contiguous float32 values.
    static Halves load_numbers(const float* numbers, std::size_t count) {
        const std::size_t lower = count < 16 ? count : 16;
        const auto first = Avx512::load_some(numbers, lower);
        const auto second = Avx512::load_some(numbers + lower, count - lower);
        return {_mm512_permutex2var_ps(first, every_second(0), second),
                _mm512_permutex2var_ps(first, every_second(1), second)};
    }
    void store(float* pairs, std::size_t lanes) const {
        const auto halves = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(odd, even));
        _mm512_mask_storeu_epi32(pairs, Pairs::mask_of(lanes),
                                 _mm512_permutexvar_epi16(alternating(), halves));
    }
    /// Stores values that bfloat16 represents exactly.
    void store_exact(float* pairs, std::size_t lanes) const {
        const __m512i lower = _mm512_srli_epi32(_mm512_castps_si512(even), 16);
        const __m512i upper = _mm512_and_si512(_mm512_castps_si512(odd), upper_numbers());
        _mm512_mask_storeu_epi32(pairs, Pairs::mask_of(lanes), _mm512_or_si512(lower, upper));
    }
    void add_to_numbers(float* numbers, std::size_t count) const {
        const std::size_t lower = count < 16 ? count : 16;
        add_some(numbers, _mm512_permutex2var_ps(even, alternating_from(0), odd), lower);
        add_some(numbers + lower, _mm512_permutex2var_ps(even, alternating_from(8), odd),
                 count - lower);
    }

private:
    static void add_some(float* to, __m512 x, std::size_t count) {
        Avx512::store_some(to, Avx512::add(x, Avx512::load_some(to, count)), count);
    }
    static __m512i upper_numbers() { return _mm512_set1_epi32(static_cast<int>(0xFFFF0000U)); }
    static __m512i counted() {
        return _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }
    static __m512i every_second(int first) {
        return _mm512_add_epi32(_mm512_slli_epi32(counted(), 1), _mm512_set1_epi32(first));
    }
    /// Index 16 selects the first element of the second vector.
    static __m512i alternating_from(int first) {
        const __m512i second = _mm512_set1_epi64(std::int64_t{16} << 32U);
        return _mm512_add_epi32(_mm512_add_epi32(_mm512_srli_epi32(counted(), 1), second),
                                _mm512_set1_epi32(first));
    }
    static __m512i alternating() {
        return _mm512_or_si512(
            counted(), _mm512_slli_epi32(_mm512_add_epi32(counted(), _mm512_set1_epi32(16)), 16));
    }
};

#include "executor/bfloat16_templates.hpp"
