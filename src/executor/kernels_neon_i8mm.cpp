// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes with the matrix products of NEON. Compiled with its own flags; only called
// if the CPU has them and the dot products.
#include "executor/kernel_tables.hpp"

#include <arm_neon.h>

namespace speciesnet::executor {
namespace {

#include "executor/neon_matrices.hpp"

struct ByteMatrices {
    static constexpr bool has_integer_sums = true;
    using Bytes = NeonBytes;
    static Neon::Type add(Neon::Type x, Neon::Type y, Neon::Type sum) {
        return vreinterpretq_f32_s32(vmmlaq_s32(vreinterpretq_s32_f32(sum), vreinterpretq_s8_f32(x),
                                                vreinterpretq_s8_f32(y)));
    }
};

template <int vectors>
void multiply(const ConvolutionTile& tile) {
    constexpr int rows = 6;
    constexpr std::size_t columns = vectors * Neon::width;
    MatrixSums<ByteMatrices, rows, vectors> sums;
    if (tile.first) {
        sums.clear();
    } else {
        sums.load(tile.sums, columns);
    }
    for (std::size_t tap = 0; tap < tile.taps; ++tap) {
        const float* const* const pixels = tile.rows + tap * rows;
        const float* weights = tile.weights + tap * tile.tap_stride;
        std::size_t channel = 0;
        const auto pixel = [&](int row) { return pixels[row] + channel; };
        for (; channel + 2 <= tile.channels; channel += 2, weights += 2 * columns) {
            sums.add(pixel, weights, columns);
        }
        if (channel < tile.channels) {
            sums.add_last(pixel, weights);
        }
    }
    sums.store(tile.sums, columns);
    if (tile.last) {
        finish_tile<Neon, ByteMatrices>(tile);
    }
}

void convolve_matrices(const ConvolutionTile& tile) {
    switch (tile.vectors) {
        case 4:
            return multiply<4>(tile);
        case 3:
            return multiply<3>(tile);
        case 2:
            return multiply<2>(tile);
        default:
            return multiply<1>(tile);
    }
}

}  // namespace

const Int8Kernels& neon_i8mm_kernels() {
    static const Int8Kernels made = [] {
        Int8Kernels table = neon_dotprod_kernels();
        table.convolve = convolve_matrices;
        return table;
    }();
    return made;
}

}  // namespace speciesnet::executor
