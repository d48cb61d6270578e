// SPDX-License-Identifier: Apache-2.0
// Feature maps of bfloat16, for any vector type. Included like kernel_templates.hpp, after the
// file's own `Pairs`, vectors of contiguous channels, and `Halves`, two vectors for twice as many
// channels: the even ones and the odd ones.

using Vector = Pairs::Vector;

/// Returns 1 / (1 + e^-x) with 13 bits, more than bfloat16 keeps.
inline Vector::Type quick_sigmoid(Vector::Type x) {
    const auto exponent = Vector::mul(x, Vector::broadcast(-1.44269504F));
    const auto rest = Pairs::above_floor(exponent);
    // 2^rest for 0 ≤ rest < 1.
    auto power = Vector::fma(rest, Vector::broadcast(0.078024521F), Vector::broadcast(0.22606716F));
    power = Vector::fma(power, rest, Vector::broadcast(0.69583356F));
    power = Vector::fma(power, rest, Vector::broadcast(0.99992520F));
    const auto divisor =
        Vector::add(Pairs::scale_by_floor(power, exponent), Vector::broadcast(1.0F));
    return Vector::reciprocal_estimate(divisor);
}

inline Vector::Type quick_activate(Vector::Type x, Activation activation) {
    switch (activation) {
        case Activation::relu:
            return Vector::max(Vector::broadcast(0.0F), x);
        case Activation::silu:
            return Vector::mul(x, quick_sigmoid(x));
        case Activation::sigmoid:
            return quick_sigmoid(x);
        case Activation::none:
            break;
    }
    return x;
}

/// Returns the number of a vector's lanes that are used if `rest` values remain.
inline std::size_t filled_lanes(std::size_t rest) {
    return rest < Vector::width ? rest : std::size_t{Vector::width};
}

/// Writes one pixel of `Source` to its output. `bias` may be null.
template <class Source>
void finish_pairs(const float* pixel, const float* bias, std::size_t channels,
                  const Epilogue& epilogue) {
    for (std::size_t channel = 0; channel < channels; channel += Vector::width) {
        const std::size_t count = filled_lanes(channels - channel);
        auto x = Source::load_some(pixel + Source::floats(channel), count);
        if (bias != nullptr) {
            x = Vector::add(x, Vector::load_some(bias + channel, count));
        }
        x = quick_activate(x, epilogue.activation);
        if (epilogue.residual != nullptr) {
            x = Vector::add(x, Pairs::load_some(epilogue.residual + channel / 2, count));
        }
        Pairs::store_some(epilogue.output + channel / 2, x, count);
    }
}

/// Returns the index of the even channel of a pair, if each thirty-two channels are stored as
/// sixteen even ones followed by sixteen odd ones.
constexpr std::size_t place_of_even(std::size_t pair) {
    return pair / matrix_side * matrix_panel + pair % matrix_side;
}

/// Computes two vectors of channels for all pixels. Keeps the weights in registers if the number of
/// taps is known.
template <std::size_t known_taps>
void depthwise_vector(const DepthwiseTile& tile, std::size_t pair, std::size_t padded) {
    const std::size_t taps = known_taps != 0 ? known_taps : tile.taps;
    const std::size_t lanes = filled_lanes(tile.channels / 2 - pair);
    const float* const weights = tile.weights + place_of_even(pair);
    const float* const bias = tile.bias + place_of_even(pair);
    Halves kept[known_taps != 0 ? known_taps : 1];
#pragma GCC unroll 9
    for (std::size_t tap = 0; tap < known_taps; ++tap) {
        kept[tap] = {Vector::load(weights + tap * padded),
                     Vector::load(weights + tap * padded + matrix_side)};
    }
    for (std::size_t pixel = 0; pixel < tile.valid_rows; ++pixel) {
        Halves sum{Vector::load(bias), Vector::load(bias + matrix_side)};
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < taps; ++tap) {
            const auto numbers =
                Halves::load(tile.rows[tap * tile.row_count + pixel] + pair, lanes);
            const auto weight = known_taps != 0
                                    ? kept[known_taps != 0 ? tap : 0]
                                    : Halves{Vector::load(weights + tap * padded),
                                             Vector::load(weights + tap * padded + matrix_side)};
            sum = {Vector::fma(numbers.even, weight.even, sum.even),
                   Vector::fma(numbers.odd, weight.odd, sum.odd)};
        }
        sum = {quick_activate(sum.even, tile.epilogue.activation),
               quick_activate(sum.odd, tile.epilogue.activation)};
        if (tile.epilogue.residual != nullptr) {
            const auto residual = Halves::load(
                tile.epilogue.residual + pixel * tile.epilogue.residual_stride + pair, lanes);
            sum = {Vector::add(sum.even, residual.even), Vector::add(sum.odd, residual.odd)};
        }
        float* const output = tile.epilogue.output + pixel * tile.epilogue.output_stride + pair;
        sum.store(output, lanes);
        // The lines of different pixels are far apart, so the CPU does not prefetch them by itself.
        if constexpr (Vector::width == matrix_side) {
            __builtin_prefetch(output + matrix_side, 1);
            for (std::size_t tap = 1; tap < known_taps; tap += 3) {
                __builtin_prefetch(tile.rows[tap * tile.row_count + pixel] + pair + matrix_side);
            }
        }
    }
}

/// Expects weights and bias in the order of place_of_even().
inline void depthwise_pairs(const DepthwiseTile& tile) {
    constexpr std::size_t most_common = 9;
    const std::size_t pairs = tile.channels / 2;
    const std::size_t padded = (pairs + matrix_side - 1) / matrix_side * matrix_panel;
    for (std::size_t pair = 0; pair < pairs; pair += Vector::width) {
        if (tile.taps == most_common) {
            depthwise_vector<most_common>(tile, pair, padded);
        } else {
            depthwise_vector<0>(tile, pair, padded);
        }
    }
}

inline void add_pairs(const float* pixels, std::size_t stride, std::size_t count,
                      std::size_t channels, float* sums) {
    for (std::size_t pair = 0; pair < channels / 2; pair += Vector::width) {
        const std::size_t lanes = filled_lanes(channels / 2 - pair);
        Halves sum{Vector::broadcast(0.0F), Vector::broadcast(0.0F)};
        const float* from = pixels + pair;
        for (std::size_t pixel = 0; pixel < count; ++pixel, from += stride) {
            const auto numbers = Halves::load(from, lanes);
            sum = {Vector::add(sum.even, numbers.even), Vector::add(sum.odd, numbers.odd)};
        }
        sum.add_to_numbers(sums + 2 * pair, 2 * lanes);
    }
}

inline void scale_pairs(const float* pixels, std::size_t stride, std::size_t count,
                        std::size_t channels, const float* scale, float* output,
                        std::size_t output_stride) {
    for (std::size_t pair = 0; pair < channels / 2; pair += Vector::width) {
        const std::size_t lanes = filled_lanes(channels / 2 - pair);
        const auto factors = Halves::load_numbers(scale + 2 * pair, 2 * lanes);
        for (std::size_t pixel = 0; pixel < count; ++pixel) {
            const auto numbers = Halves::load(pixels + pixel * stride + pair, lanes);
            const Halves products{Vector::mul(numbers.even, factors.even),
                                  Vector::mul(numbers.odd, factors.odd)};
            products.store(output + pixel * output_stride + pair, lanes);
        }
    }
}

inline void keep_maximum_of_pairs(const float* pixel, std::size_t channels, float* maximum) {
    for (std::size_t pair = 0; pair < channels / 2; pair += Vector::width) {
        const std::size_t lanes = filled_lanes(channels / 2 - pair);
        const auto numbers = Halves::load(pixel + pair, lanes);
        const auto known = Halves::load(maximum + pair, lanes);
        const Halves larger{Vector::max(numbers.even, known.even),
                            Vector::max(numbers.odd, known.odd)};
        larger.store_exact(maximum + pair, lanes);
    }
}

inline void round_numbers(const float* numbers, std::size_t count, float* pairs) {
    for (std::size_t i = 0; i < count; i += Vector::width) {
        const std::size_t lanes = filled_lanes(count - i);
        Pairs::store_some(pairs + i / 2, Vector::load_some(numbers + i, lanes),
                          (lanes + 1) / 2 * 2);
    }
}

inline void widen_pairs(const float* pairs, std::size_t count, float* numbers) {
    for (std::size_t i = 0; i < count; i += Vector::width) {
        const std::size_t lanes = filled_lanes(count - i);
        Vector::store_some(numbers + i, Pairs::load_some(pairs + i / 2, lanes), lanes);
    }
}

/// Returns the number of the product's channels in the panel that starts at a channel.
inline std::size_t panel_channels(const MatrixProduct& product, std::size_t first_channel) {
    const std::size_t rest = product.channels - first_channel;
    return rest < matrix_panel ? rest : matrix_panel;
}

/// Writes the sums of some pixels and one panel pixel by pixel, which may overlap with the
/// computation of others. All functions are inlined, so that the counters stay in registers of the
/// caller.
class SumWriter {
public:
    explicit SumWriter(const MatrixProduct& product) : product_(product) {}

    /// @param sums  [pixels][columns], which must stay valid until they are written
    /// @param pixel the first pixel
    [[gnu::always_inline]] void begin(const float* sums, std::size_t columns, std::size_t pixel,
                                      std::size_t pixels, std::size_t first_channel) {
        const std::size_t rest = product_.pixels - pixel;
        pixels_ = rest < pixels ? rest : pixels;
        columns_ = columns;
        first_channel_ = first_channel;
        sums_ = sums;
        is_whole_ = product_.element == Element::bfloat16 &&
                    panel_channels(product_, first_channel) == columns;
        const std::size_t place = product_.first_column + pixel;
        begin_row(place / product_.row_length, place % product_.row_length);
    }
    [[gnu::always_inline]] void write(std::size_t pixels) {
        for (; pixels > 0 && pixels_ > 0; --pixels, --pixels_, sums_ += columns_) {
            if (row_rest_ == 0) {
                begin_row(row_ + 1, 0);
                if (product_.row_length != product_.row_pixels) {
                    continue;  // Skips the zeros between two rows.
                }
            }
            if (is_whole_) {
                write_whole();
            } else {
                write_pixel(product_, sums_, first_channel_, output_, residual_);
            }
            output_ += product_.epilogue.output_stride;
            if (residual_ != nullptr) {
                residual_ += product_.epilogue.residual_stride;
            }
            --row_rest_;
        }
    }
    [[gnu::always_inline]] void write_rest() { write(pixels_); }

private:
    [[gnu::always_inline]] void begin_row(std::size_t row, std::size_t column) {
        const Epilogue& epilogue = product_.epilogue;
        const std::size_t floats = floats_of(product_.element, first_channel_);
        row_ = row;
        row_rest_ = product_.row_pixels > column ? product_.row_pixels - column : 0;
        output_ = epilogue.output + row * product_.output_row_stride +
                  column * epilogue.output_stride + floats;
        if (epilogue.residual != nullptr) {
            residual_ = epilogue.residual + row * product_.residual_row_stride +
                        column * epilogue.residual_stride + floats;
        }
    }
    /// Writes sixteen or thirty-two bfloat16 values.
    [[gnu::always_inline]] void write_whole() const {
        if (columns_ == matrix_side) {
            write_vectors<matrix_side>();
            return;
        }
        write_vectors<matrix_panel>();
        // The lines of different pixels are far apart, so the CPU does not prefetch them by itself.
        __builtin_prefetch(output_ + pixels_ahead * product_.epilogue.output_stride, 1);
        if (residual_ != nullptr) {
            __builtin_prefetch(residual_ + pixels_ahead * product_.epilogue.residual_stride, 0, 2);
        }
    }
    template <std::size_t columns>
    [[gnu::always_inline]] void write_vectors() const {
        constexpr std::size_t width = Vector::width;
        constexpr std::size_t step = columns < 2 * width ? columns : 2 * width;
#pragma GCC unroll 4
        for (std::size_t channel = 0; channel < columns; channel += step) {
            const auto lower = finished(channel);
            if constexpr (step == width) {
                Pairs::store(output_ + channel / 2, lower);
            } else {
                Pairs::store(output_ + channel / 2, lower, finished(channel + width));
            }
        }
    }
    [[gnu::always_inline]] Vector::Type finished(std::size_t channel) const {
        const float* const bias = product_.bias + first_channel_ + channel;
        const auto x = activated(Vector::add(Vector::load(sums_ + channel), Vector::load(bias)));
        return residual_ == nullptr ? x : Vector::add(x, Pairs::load(residual_ + channel / 2));
    }
    [[gnu::always_inline]] Vector::Type activated(Vector::Type x) const {
        const auto activation = product_.epilogue.activation;
        return activation == Activation::silu ? Vector::mul(x, quick_sigmoid(x))
                                              : quick_activate(x, activation);
    }
    /// Writes any number of channels of any element type.
    [[gnu::noinline]] static void write_pixel(const MatrixProduct& product, const float* sums,
                                              std::size_t first_channel, float* output,
                                              const float* residual) {
        const auto finish =
            product.element == Element::float32 ? finish_pixel<Vector> : finish_pairs<Vector>;
        finish(sums, product.bias + first_channel, panel_channels(product, first_channel),
               {.activation = product.epilogue.activation, .residual = residual, .output = output});
    }

    static constexpr std::size_t pixels_ahead = 2 * matrix_side;

    const MatrixProduct& product_;
    const float* sums_ = nullptr;
    float* output_ = nullptr;
    const float* residual_ = nullptr;
    std::size_t pixels_ = 0;
    std::size_t columns_ = 0;
    std::size_t first_channel_ = 0;
    std::size_t row_ = 0;
    std::size_t row_rest_ = 0;  ///< Remaining pixels of the row.
    bool is_whole_ = false;     ///< Consists of whole vectors of bfloat16 values.
};

/// Returns the offset of a block of channels within a pixel, in floats.
inline std::size_t place_of_block(const MatrixProduct& product, std::size_t block) {
    return block + 1 == product.blocks ? product.last_block : block * matrix_side;
}

inline constexpr Bfloat16Kernels table_of_pairs(void (*multiply)(const MatrixProduct& product)) {
    return {.is_faster_than_winograd = false,
            .multiply = multiply,
            .round = round_numbers,
            .widen = widen_pairs,
            .depthwise = depthwise_pairs,
            .winograd_input = winograd_input<Vector, Pairs>,
            .finish_pixel = finish_pairs<Pairs>,
            .finish_sums = finish_pairs<Vector>,
            .add_pixels = add_pairs,
            .scale_pixels = scale_pairs,
            .keep_maximum = keep_maximum_of_pairs};
}
