// Pictures of bfloat16 numbers with AVX-512 BF16. Compiled with its own flags; only called
// where the CPU has it.
#include "executor/instruction_sets.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/avx512_templates.hpp"
#include "executor/bfloat16_templates.hpp"

/// The instructions' own type has no cast from and to others but through memory that is the same.
__m512bh pairs_of(__m512 x) {
    return reinterpret_cast<__m512bh>(x);
}

/// Sums of eight pixels, which are half a run.
template <int vectors>
void multiply_half(const MatrixProduct& product, const PixelRun* runs, std::size_t first_pixel,
                   float* to) {
    constexpr int rows = 8;
    __m512 sums[rows][vectors];
#pragma GCC unroll 8
    for (auto& row : sums) {
#pragma GCC unroll 2
        for (auto& sum : row) {
            sum = _mm512_setzero_ps();
        }
    }
    const float* weights = product.weights;
    for (std::size_t tap = 0; tap < product.taps; ++tap) {
        const std::ptrdiff_t stride = runs[tap].stride;
        const float* const first =
            runs[tap].first + static_cast<std::ptrdiff_t>(first_pixel) * stride;
        for (std::size_t block = 0; block < product.blocks; ++block) {
            const float* const pixel = first + place_of_block(product, block);
            for (std::size_t pair = 0; pair < matrix_side; ++pair, weights += matrix_side) {
                __m512bh weight[vectors];
#pragma GCC unroll 2
                for (int vector = 0; vector < vectors; ++vector) {
                    weight[vector] = pairs_of(
                        Avx512::load(weights + static_cast<std::size_t>(vector) * matrix_block));
                }
#pragma GCC unroll 8
                for (int row = 0; row < rows; ++row) {
                    const auto number = pairs_of(
                        Avx512::broadcast(pixel[row * stride + static_cast<std::ptrdiff_t>(pair)]));
#pragma GCC unroll 2
                    for (int vector = 0; vector < vectors; ++vector) {
                        sums[row][vector] =
                            _mm512_dpbf16_ps(sums[row][vector], number, weight[vector]);
                    }
                }
            }
            weights += (vectors - 1) * matrix_block;
        }
    }
#pragma GCC unroll 8
    for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 2
        for (int vector = 0; vector < vectors; ++vector) {
            Avx512::store(to + (row * vectors + vector) * 16, sums[row][vector]);
        }
    }
}

template <int vectors>
void multiply_vectors(const MatrixProduct& product) {
    constexpr std::size_t half = matrix_side / 2;
    SumWriter<vectors> writer(product);
    for (std::size_t pixel = 0; pixel < product.pixels; pixel += half) {
        const PixelRun* const runs = product.runs + pixel / matrix_side * product.taps;
        multiply_half<vectors>(product, runs, pixel % matrix_side, product.sums);
        writer.begin(product.sums, pixel, half);
        writer.write_rest();
    }
}

void multiply(const MatrixProduct& product) {
    if (product.vectors == 2) {
        multiply_vectors<2>(product);
    } else {
        multiply_vectors<1>(product);
    }
}

}  // namespace

const Bfloat16Kernels& avx512_bfloat16_kernels() {
    static constexpr Bfloat16Kernels table = table_of_pairs(multiply);
    return table;
}

}  // namespace speciesnet::executor
