// SPDX-License-Identifier: Apache-2.0
// Products of matrix registers: sixteen pixels by sixteen groups of input channels, and these
// groups by sixteen output channels. Included after avx512_pairs.hpp, in the same way. `Registers`
// are the CPU's or imitated ones; `Factors` defines the type of their elements, and `Output` writes
// the sums.

/// Writes sums of bytes to feature maps of bytes or float32.
struct ByteOutput {
    static constexpr Element element = Element::byte;

    template <std::size_t columns>
    [[gnu::always_inline]] static void write_whole(const MatrixProduct& product, const float* sums,
                                                   std::size_t first_channel, float* output,
                                                   const float* residual) {
#pragma GCC unroll 2
        for (std::size_t column = 0; column < columns; column += matrix_side) {
            const std::size_t channel = first_channel + column;
            const std::size_t four = column / Int8Kernels::group;
            finish_byte_vector<Avx512Bytes>(
                scaled(product, sums + column, channel), channel, matrix_side, product.epilogue,
                residual == nullptr ? nullptr : residual + four, output + four);
        }
    }

    /// Writes any number of channels of any element type.
    [[gnu::noinline]] static void write_pixel(const MatrixProduct& product, const float* sums,
                                              std::size_t first_channel, float* output,
                                              const float* residual) {
        float numbers[matrix_panel];
        const std::size_t channels = panel_channels(product, first_channel);
        for (std::size_t column = 0; column < channels; column += matrix_side) {
            Avx512::store(numbers + column, scaled(product, sums + column, first_channel + column));
        }
        Epilogue epilogue{
            .activation = product.epilogue.activation, .residual = residual, .output = output};
        if (product.element == Element::float32) {
            finish_pixel<Avx512>(numbers, nullptr, channels, epilogue);
            return;
        }
        epilogue.output_scales = product.epilogue.output_scales.from(first_channel);
        if (residual != nullptr) {
            epilogue.residual_scales = product.epilogue.residual_scales.from(first_channel);
        }
        finish_bytes<Avx512Bytes>(numbers, nullptr, channels, epilogue);
    }

private:
    [[gnu::always_inline]] static Avx512::Type scaled(const MatrixProduct& product,
                                                      const float* sums, std::size_t channel) {
        return Avx512::fma(Avx512::from_integers(Avx512::load(sums)),
                           Avx512::load(product.scale + channel),
                           Avx512::load(product.bias + channel));
    }
};

/// The rows of a tile: two runs.
inline constexpr std::size_t tile_rows = 2 * matrix_side;

/// Work done while the registers compute: writes the sums of the previous panel, and prefetches
/// weights into the second-level cache.
template <class Output>
class SideWork {
public:
    [[gnu::always_inline]] explicit SideWork(const MatrixProduct& product) : writer(product) {
        const std::size_t panels = (product.channels + matrix_panel - 1) / matrix_panel;
        const std::size_t steps = product.taps * product.blocks;
        // Completes all rows before the panel ends.
        rows_per_step_ = (tile_rows + steps - 1) / steps;
        const std::size_t later_steps = (product.run_count - 1) / 2 * panels * steps;
        if (later_steps > 0) {
            const std::size_t lines = product.next_weights_count / matrix_side;
            next_lines_per_step_ = (lines + later_steps - 1) / later_steps;
        }
        // Only the first tile prefetches these weights: for the others they are in the cache.
        line_ = product.weights + first_tile_distance;
        lines_per_step_ = first_tile_lines;
    }

    /// The first tile has read all weights.
    [[gnu::always_inline]] void end_tile(const MatrixProduct& product) {
        if (lines_per_step_ == first_tile_lines) {
            line_ = product.next_weights;
            lines_per_step_ = next_lines_per_step_;
        }
    }
    [[gnu::always_inline]] void step() {
        writer.write(rows_per_step_);
        for (std::size_t line = 0; line < lines_per_step_; ++line, line_ += matrix_side) {
            __builtin_prefetch(line_, 0, 2);
        }
    }

    SumWriter<Output> writer;

private:
    /// The cache lines of the weights of one step.
    static constexpr std::size_t first_tile_lines = 2 * matrix_side;
    static constexpr std::size_t first_tile_distance = 8 * 2 * matrix_block;

    const float* line_;
    std::size_t lines_per_step_;
    std::size_t next_lines_per_step_ = 0;
    std::size_t rows_per_step_;
};

/// Multiplies thirty-two pixels by sixteen or thirty-two output channels. Registers 0 to 3 hold
/// sums, 4 and 5 pixels, 6 and 7 weights.
/// @param upper runs of the first sixteen pixels
/// @param lower runs of the others
template <class Registers, class Factors, int vectors, class Output>
[[gnu::always_inline]] inline void multiply_panel(Registers& registers,
                                                  const MatrixProduct& product,
                                                  const PixelRun* upper, const PixelRun* lower,
                                                  const float* weights, SideWork<Output>& side_work,
                                                  float* sums) {
    constexpr auto floats = static_cast<std::ptrdiff_t>(sizeof(float));
    constexpr auto weight_stride = static_cast<std::ptrdiff_t>(matrix_side) * floats;
    constexpr auto sum_stride = vectors * weight_stride;
    registers.template clear<0>();
    registers.template clear<2>();
    if constexpr (vectors == 2) {
        registers.template clear<1>();
        registers.template clear<3>();
    }
    for (std::size_t tap = 0; tap < product.taps; ++tap) {
        const std::ptrdiff_t upper_stride = upper[tap].stride * floats;
        const std::ptrdiff_t lower_stride = lower[tap].stride * floats;
        for (std::size_t block = 0; block < product.blocks; ++block) {
            const std::size_t place = place_of_block(product, block);
            registers.template load<4>(upper[tap].first + place, upper_stride);
            registers.template load<6>(weights, weight_stride);
            registers.template multiply<Factors, 0, 4, 6>();
            if constexpr (vectors == 2) {
                registers.template load<7>(weights + matrix_block, weight_stride);
                registers.template multiply<Factors, 1, 4, 7>();
            }
            registers.template load<5>(lower[tap].first + place, lower_stride);
            registers.template multiply<Factors, 2, 5, 6>();
            if constexpr (vectors == 2) {
                registers.template multiply<Factors, 3, 5, 7>();
            }
            side_work.step();
            weights += vectors * matrix_block;
        }
    }
    float* const lower_sums = sums + matrix_side * matrix_side * vectors;
    registers.template store<0>(sums, sum_stride);
    registers.template store<2>(lower_sums, sum_stride);
    if constexpr (vectors == 2) {
        registers.template store<1>(sums + matrix_side, sum_stride);
        registers.template store<3>(lower_sums + matrix_side, sum_stride);
    }
}

/// Computes all panels for one tile before the next, so that its pixels stay in the first-level
/// cache.
template <class Registers, class Factors, class Output>
void multiply(const MatrixProduct& product) {
    Registers registers;
    SideWork<Output> side_work(product);
    const std::size_t vector_weights = product.taps * product.blocks * matrix_block;
    std::size_t half = 0;
    for (std::size_t run = 0; run < product.run_count; run += 2) {
        const PixelRun* const upper = product.runs + run * product.taps;
        const PixelRun* const lower = run + 1 < product.run_count ? upper + product.taps : upper;
        const float* weights = product.weights;
        for (std::size_t channel = 0; channel < product.channels; channel += matrix_panel) {
            float* const sums = product.sums + half * (matrix_product_sums / 2);
            half = 1 - half;
            std::size_t columns = matrix_panel;
            if (panel_channels(product, channel) > matrix_side) {
                multiply_panel<Registers, Factors, 2>(registers, product, upper, lower, weights,
                                                      side_work, sums);
            } else {
                columns = matrix_side;
                multiply_panel<Registers, Factors, 1>(registers, product, upper, lower, weights,
                                                      side_work, sums);
            }
            weights += 2 * vector_weights;
            side_work.writer.begin(sums, columns, run * matrix_side, tile_rows, channel);
        }
        side_work.end_tile(product);
    }
    side_work.writer.write_rest();
}

template <class Registers>
AmxKernels amx_table() {
    AmxKernels table{.bfloat16 = avx512_bfloat16_kernels(), .int8 = avx512_int8_kernels()};
    table.bfloat16.is_faster_than_winograd = true;
    table.bfloat16.multiply = multiply<Registers, PairProducts, PairOutput>;
    table.int8.multiplies_matrices = true;
    table.int8.multiply = multiply<Registers, ByteProducts, ByteOutput>;
    return table;
}
