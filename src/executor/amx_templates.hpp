// SPDX-License-Identifier: Apache-2.0
// Products of matrix registers: sixteen pixels, or sixteen groups of input channels, by sixteen
// groups of channels. Included after avx512_pairs.hpp, in the same way. `Registers` are the CPU's
// or imitated ones; `Factors` defines the type of their elements.

/// Returns the stride in bytes, if all rows of a register have the same one, otherwise 0.
inline std::ptrdiff_t common_stride(const float* const* rows) {
    const auto address = [&](std::size_t row) {
        return reinterpret_cast<std::ptrdiff_t>(rows[row]);
    };
    const std::ptrdiff_t stride = address(1) - address(0);
    for (std::size_t row = 2; row < matrix_side; ++row) {
        if (address(row) - address(row - 1) != stride) {
            return 0;
        }
    }
    return stride;
}

/// Loads sixteen pixels. Copies them first if they do not fill a register or have no common stride.
template <class Registers, int number>
void load_pixels(Registers& registers, const float* const* rows, std::ptrdiff_t stride,
                 std::size_t channel, std::size_t count) {
    if (stride != 0 && count == matrix_side) {
        registers.template load<number>(rows[0] + channel, stride);
        return;
    }
    alignas(64) float copy[matrix_side * matrix_side];
    for (std::size_t row = 0; row < matrix_side; ++row) {
        Avx512::store(copy + row * matrix_side, Avx512::load_some(rows[row] + channel, count));
    }
    registers.template load<number>(copy, matrix_side * sizeof(float));
}

/// Loads one vector of output channels.
template <class Registers, int number>
void load_weights(Registers& registers, const float* weights, std::size_t columns,
                  std::size_t count) {
    if (count == matrix_side) {
        registers.template load<number>(weights,
                                        static_cast<std::ptrdiff_t>(columns * sizeof(float)));
        return;
    }
    alignas(64) float copy[matrix_side * matrix_side];
    for (std::size_t row = 0; row < matrix_side; ++row) {
        Avx512::store(copy + row * matrix_side, row < count ? Avx512::load(weights + row * columns)
                                                            : Avx512::broadcast(0.0F));
    }
    registers.template load<number>(copy, matrix_side * sizeof(float));
}

/// Computes sums of sixteen or thirty-two pixels by one or two vectors of output channels.
/// Registers 0 to 3 hold sums, 4 and 5 pixels, 6 and 7 weights.
template <class Registers, class Factors, bool two_halves, bool two_vectors>
void multiply_matrices(Registers& registers, const ConvolutionTile& tile, std::size_t first) {
    const std::size_t columns = static_cast<std::size_t>(tile.vectors) * matrix_side;
    const auto stride = static_cast<std::ptrdiff_t>(columns * sizeof(float));
    float* const upper = tile.sums + first;
    float* const lower = upper + matrix_side * columns;
    registers.template begin<0>(upper, stride, tile.first);
    if constexpr (two_vectors) {
        registers.template begin<1>(upper + matrix_side, stride, tile.first);
    }
    if constexpr (two_halves) {
        registers.template begin<2>(lower, stride, tile.first);
    }
    if constexpr (two_halves && two_vectors) {
        registers.template begin<3>(lower + matrix_side, stride, tile.first);
    }
    for (std::size_t tap = 0; tap < tile.taps; ++tap) {
        const float* const* const rows = tile.rows + tap * most_tile_rows;
        const std::ptrdiff_t upper_stride = common_stride(rows);
        const std::ptrdiff_t lower_stride = two_halves ? common_stride(rows + matrix_side) : 0;
        const float* const tap_weights = tile.weights + tap * tile.tap_stride + first;
        for (std::size_t channel = 0; channel < tile.channels; channel += matrix_side) {
            const std::size_t rest = tile.channels - channel;
            const std::size_t count = rest < matrix_side ? rest : matrix_side;
            const float* const weights = tap_weights + channel * columns;
            load_pixels<Registers, 4>(registers, rows, upper_stride, channel, count);
            load_weights<Registers, 6>(registers, weights, columns, count);
            registers.template multiply<Factors, 0, 4, 6>();
            if constexpr (two_vectors) {
                load_weights<Registers, 7>(registers, weights + matrix_side, columns, count);
                registers.template multiply<Factors, 1, 4, 7>();
            }
            if constexpr (two_halves) {
                load_pixels<Registers, 5>(registers, rows + matrix_side, lower_stride, channel,
                                          count);
                registers.template multiply<Factors, 2, 5, 6>();
            }
            if constexpr (two_halves && two_vectors) {
                registers.template multiply<Factors, 3, 5, 7>();
            }
        }
    }
    registers.template store<0>(upper, stride);
    if constexpr (two_vectors) {
        registers.template store<1>(upper + matrix_side, stride);
    }
    if constexpr (two_halves) {
        registers.template store<2>(lower, stride);
    }
    if constexpr (two_halves && two_vectors) {
        registers.template store<3>(lower + matrix_side, stride);
    }
}

template <class Registers, class Factors, bool two_halves>
void multiply_vectors(Registers& registers, const ConvolutionTile& tile) {
    const std::size_t columns = static_cast<std::size_t>(tile.vectors) * matrix_side;
    std::size_t first = 0;
    for (; first + 2 * matrix_side <= columns; first += 2 * matrix_side) {
        multiply_matrices<Registers, Factors, two_halves, true>(registers, tile, first);
    }
    if (first < columns) {
        multiply_matrices<Registers, Factors, two_halves, false>(registers, tile, first);
    }
}

template <class Registers, class Factors>
void convolve_matrices(const ConvolutionTile& tile) {
    {
        Registers registers;
        if (tile.valid_rows > matrix_side) {
            multiply_vectors<Registers, Factors, true>(registers, tile);
        } else {
            multiply_vectors<Registers, Factors, false>(registers, tile);
        }
    }
    if (tile.last) {
        finish_tile<Avx512, Factors>(tile);
    }
}

/// The rows of a tile: two runs.
inline constexpr std::size_t tile_rows = 2 * matrix_side;

/// Work done while the registers compute: writes the sums of the previous panel, and prefetches
/// weights into the second-level cache.
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

    SumWriter writer;

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
template <class Registers, int vectors>
[[gnu::always_inline]] inline void multiply_panel(Registers& registers,
                                                  const MatrixProduct& product,
                                                  const PixelRun* upper, const PixelRun* lower,
                                                  const float* weights, SideWork& side_work,
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
            registers.template multiply<PairProducts, 0, 4, 6>();
            if constexpr (vectors == 2) {
                registers.template load<7>(weights + matrix_block, weight_stride);
                registers.template multiply<PairProducts, 1, 4, 7>();
            }
            registers.template load<5>(lower[tap].first + place, lower_stride);
            registers.template multiply<PairProducts, 2, 5, 6>();
            if constexpr (vectors == 2) {
                registers.template multiply<PairProducts, 3, 5, 7>();
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
template <class Registers>
void multiply_pairs(const MatrixProduct& product) {
    Registers registers;
    SideWork side_work(product);
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
                multiply_panel<Registers, 2>(registers, product, upper, lower, weights, side_work,
                                             sums);
            } else {
                columns = matrix_side;
                multiply_panel<Registers, 1>(registers, product, upper, lower, weights, side_work,
                                             sums);
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
    table.bfloat16.multiply = multiply_pairs<Registers>;
    table.int8.tiles = amx_tiles;
    table.int8.convolve = convolve_matrices<Registers, ByteProducts>;
    return table;
}
