// SPDX-License-Identifier: Apache-2.0
// Kernels for bfloat16 feature maps with NEON's matrix products. Compiled with its own flags; only
// called if the CPU has them.
#include "executor/kernel_tables.hpp"

#include <arm_neon.h>

namespace speciesnet::executor {
namespace {

#include "executor/neon_matrices.hpp"

/// Four channels.
struct Pairs {
    using Vector = Neon;
    static constexpr std::size_t floats(std::size_t channels) { return channels / 2; }
    static Neon::Type load(const float* from) { return widened(vld1_f32(from)); }
    static Neon::Type load_some(const float* from, std::size_t count) {
        float32x2_t numbers = vdup_n_f32(0.0F);
        __builtin_memcpy(&numbers, from, count * sizeof(bfloat16_t));
        return widened(numbers);
    }
    static void store(float* to, Neon::Type x) {
        vst1_f32(to, vreinterpret_f32_bf16(vcvt_bf16_f32(x)));
    }
    static void store_some(float* to, Neon::Type x, std::size_t count) {
        const bfloat16x4_t numbers = vcvt_bf16_f32(x);
        __builtin_memcpy(to, &numbers, count * sizeof(bfloat16_t));
    }
    /// Stores both halves of eight channels.
    static void store(float* to, Neon::Type lower, Neon::Type upper) {
        Neon::store(to,
                    vreinterpretq_f32_bf16(vcvtq_high_bf16_f32(vcvtq_low_bf16_f32(lower), upper)));
    }

private:
    static Neon::Type widened(float32x2_t x) {
        return vreinterpretq_f32_u32(vshll_n_u16(vreinterpret_u16_f32(x), 16));
    }
};

/// Eight channels as two vectors: the even channels and the odd ones.
struct Halves {
    Neon::Type even;
    Neon::Type odd;

    /// @param lanes number of pairs in memory
    static Halves load(const float* pairs, std::size_t lanes) {
        const uint32x4_t both = vreinterpretq_u32_f32(Neon::load_some(pairs, lanes));
        return {vreinterpretq_f32_u32(vshlq_n_u32(both, 16)),
                vreinterpretq_f32_u32(vandq_u32(both, vdupq_n_u32(upper_number)))};
    }
    /// Loads eight contiguous float32 values.
    static Halves load_numbers(const float* numbers, std::size_t count) {
        const std::size_t lower = count < Neon::width ? count : Neon::width;
        const auto first = Neon::load_some(numbers, lower);
        const auto second = Neon::load_some(numbers + lower, count - lower);
        return {vuzp1q_f32(first, second), vuzp2q_f32(first, second)};
    }
    void store(float* pairs, std::size_t lanes) const {
        const uint32x4_t lower = vmovl_u16(vreinterpret_u16_bf16(vcvt_bf16_f32(even)));
        const uint32x4_t upper = vshll_n_u16(vreinterpret_u16_bf16(vcvt_bf16_f32(odd)), 16);
        store_some(pairs, vorrq_u32(lower, upper), lanes);
    }
    /// Stores values that bfloat16 represents exactly.
    void store_exact(float* pairs, std::size_t lanes) const {
        const uint32x4_t lower = vshrq_n_u32(vreinterpretq_u32_f32(even), 16);
        const uint32x4_t upper = vandq_u32(vreinterpretq_u32_f32(odd), vdupq_n_u32(upper_number));
        store_some(pairs, vorrq_u32(lower, upper), lanes);
    }
    void add_to_numbers(float* numbers, std::size_t count) const {
        const std::size_t lower = count < Neon::width ? count : Neon::width;
        add_some(numbers, vzip1q_f32(even, odd), lower);
        add_some(numbers + lower, vzip2q_f32(even, odd), count - lower);
    }

private:
    static constexpr std::uint32_t upper_number = 0xFFFF0000U;

    static void store_some(float* to, uint32x4_t x, std::size_t lanes) {
        Neon::store_some(to, vreinterpretq_f32_u32(x), lanes);
    }
    static void add_some(float* to, Neon::Type x, std::size_t count) {
        Neon::store_some(to, Neon::add(x, Neon::load_some(to, count)), count);
    }
};

#include "executor/bfloat16_templates.hpp"

struct PairMatrices {
    static Neon::Type add(Neon::Type x, Neon::Type y, Neon::Type sum) {
        return vbfmmlaq_f32(sum, vreinterpretq_bf16_f32(x), vreinterpretq_bf16_f32(y));
    }
};

constexpr int tile_rows = 8;  ///< Half a run.
constexpr int tile_vectors = 2;
constexpr std::size_t tile_columns = tile_vectors * Neon::width;

/// @param weights weights of the tile's first output channel
/// @param columns width of the panel
void multiply_tile(const MatrixProduct& product, const PixelRun* runs, std::size_t first_pixel,
                   const float* weights, std::size_t columns, float* to) {
    MatrixSums<PairMatrices, tile_rows, tile_vectors> sums;
    sums.clear();
    for (std::size_t tap = 0; tap < product.taps; ++tap) {
        const std::ptrdiff_t stride = runs[tap].stride;
        const float* const first =
            runs[tap].first + static_cast<std::ptrdiff_t>(first_pixel) * stride;
        for (std::size_t block = 0; block < product.blocks; ++block) {
            const float* numbers = first + place_of_block(product, block);
            const auto pixel = [&](int row) { return numbers + row * stride; };
            for (std::size_t pair = 0; pair < matrix_side; pair += 2, numbers += 2) {
                sums.add(pixel, weights + pair * matrix_side, matrix_side);
            }
            weights += matrix_side * columns;
        }
    }
    sums.store(to, columns);
}

void multiply(const MatrixProduct& product) {
    const std::size_t vector_weights = product.taps * product.blocks * matrix_block;
    SumWriter<PairOutput> writer(product);
    for (std::size_t pixel = 0; pixel < product.pixels; pixel += tile_rows) {
        const PixelRun* const runs = product.runs + pixel / matrix_side * product.taps;
        const float* weights = product.weights;
        for (std::size_t channel = 0; channel < product.channels; channel += matrix_panel) {
            const std::size_t columns =
                panel_channels(product, channel) > matrix_side ? matrix_panel : matrix_side;
            for (std::size_t column = 0; column < columns; column += tile_columns) {
                multiply_tile(product, runs, pixel % matrix_side,
                              weights + column / matrix_side * matrix_block + column % matrix_side,
                              columns, product.sums + column);
            }
            weights += 2 * vector_weights;
            writer.begin(product.sums, columns, pixel, tile_rows, channel);
            writer.write_rest();
        }
    }
}

}  // namespace

const Bfloat16Kernels& neon_bfloat16_kernels() {
    static constexpr Bfloat16Kernels table = table_of_pairs(multiply);
    return table;
}

}  // namespace speciesnet::executor
