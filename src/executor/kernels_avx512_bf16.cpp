// SPDX-License-Identifier: Apache-2.0
// Kernels for bfloat16 feature maps with AVX-512 BF16. Compiled with its own flags; only called if
// the CPU has it.
#include "executor/kernel_tables.hpp"

#include <immintrin.h>

namespace speciesnet::executor {
namespace {

#include "executor/avx512_pairs.hpp"

/// Reinterprets the bits, because the type of these instructions has no cast.
__m512bh pairs_of(__m512 x) {
    return reinterpret_cast<__m512bh>(x);
}

/// Computes sums of eight pixels, half a run.
template <int vectors>
void multiply_half(const MatrixProduct& product, const PixelRun* runs, std::size_t first_pixel,
                   const float* weights, float* to) {
    constexpr int rows = 8;
    __m512 sums[rows][vectors];
#pragma GCC unroll 8
    for (auto& row : sums) {
#pragma GCC unroll 2
        for (auto& sum : row) {
            sum = _mm512_setzero_ps();
        }
    }
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

void multiply(const MatrixProduct& product) {
    constexpr std::size_t half = matrix_side / 2;
    const std::size_t vector_weights = product.taps * product.blocks * matrix_block;
    SumWriter<PairOutput> writer(product);
    for (std::size_t pixel = 0; pixel < product.pixels; pixel += half) {
        const PixelRun* const runs = product.runs + pixel / matrix_side * product.taps;
        const std::size_t first = pixel % matrix_side;
        const float* weights = product.weights;
        for (std::size_t channel = 0; channel < product.channels; channel += matrix_panel) {
            std::size_t columns = matrix_panel;
            if (panel_channels(product, channel) > matrix_side) {
                multiply_half<2>(product, runs, first, weights, product.sums);
            } else {
                columns = matrix_side;
                multiply_half<1>(product, runs, first, weights, product.sums);
            }
            weights += 2 * vector_weights;
            writer.begin(product.sums, columns, pixel, half, channel);
            writer.write_rest();
        }
    }
}

}  // namespace

const Bfloat16Kernels& avx512_bfloat16_kernels() {
    static constexpr Bfloat16Kernels table = table_of_pairs(multiply);
    return table;
}

}  // namespace speciesnet::executor
