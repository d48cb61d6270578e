// SPDX-License-Identifier: Apache-2.0
// Feature maps of bfloat16, for any vector type. Included like kernel_templates.hpp, after the
// file's own `Pairs`, vectors of contiguous channels, and `Halves`, two vectors for twice as many
// channels: the even ones and the odd ones.

#include "executor/matrix_templates.hpp"

using Vector = Pairs::Vector;

/// Writes one pixel of `Source` to its output. `bias` may be null.
template <class Source>
void finish_pairs(const float* pixel, const float* bias, std::size_t channels,
                  const Epilogue& epilogue) {
    for (std::size_t channel = 0; channel < channels; channel += Vector::width) {
        const std::size_t count = valid_lanes<Vector>(channels - channel);
        auto x = Source::load_some(pixel + Source::floats(channel), count);
        if (bias != nullptr) {
            x = Vector::add(x, Vector::load_some(bias + channel, count));
        }
        x = quick_activate<Vector>(x, epilogue.activation);
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
    const std::size_t lanes = valid_lanes<Vector>(tile.channels / 2 - pair);
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
        sum = {quick_activate<Vector>(sum.even, tile.epilogue.activation),
               quick_activate<Vector>(sum.odd, tile.epilogue.activation)};
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
        const std::size_t lanes = valid_lanes<Vector>(channels / 2 - pair);
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
        const std::size_t lanes = valid_lanes<Vector>(channels / 2 - pair);
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
        const std::size_t lanes = valid_lanes<Vector>(channels / 2 - pair);
        const auto numbers = Halves::load(pixel + pair, lanes);
        const auto known = Halves::load(maximum + pair, lanes);
        const Halves larger{Vector::max(numbers.even, known.even),
                            Vector::max(numbers.odd, known.odd)};
        larger.store_exact(maximum + pair, lanes);
    }
}

inline void round_numbers(const float* numbers, std::size_t count, float* pairs) {
    for (std::size_t i = 0; i < count; i += Vector::width) {
        const std::size_t lanes = valid_lanes<Vector>(count - i);
        Pairs::store_some(pairs + i / 2, Vector::load_some(numbers + i, lanes),
                          (lanes + 1) / 2 * 2);
    }
}

inline void widen_pairs(const float* pairs, std::size_t count, float* numbers) {
    for (std::size_t i = 0; i < count; i += Vector::width) {
        const std::size_t lanes = valid_lanes<Vector>(count - i);
        Vector::store_some(numbers + i, Pairs::load_some(pairs + i / 2, lanes), lanes);
    }
}

/// Writes sums to feature maps of bfloat16 or float32.
struct PairOutput {
    static constexpr Element element = Element::bfloat16;

    template <std::size_t columns>
    [[gnu::always_inline]] static void write_whole(const MatrixProduct& product, const float* sums,
                                                   std::size_t first_channel, float* output,
                                                   const float* residual) {
        constexpr std::size_t width = Vector::width;
        constexpr std::size_t step = columns < 2 * width ? columns : 2 * width;
        const auto finished = [&](std::size_t channel) __attribute__((always_inline)) {
            const float* const bias = product.bias + first_channel + channel;
            const auto x = quick_activate<Vector>(
                Vector::add(Vector::load(sums + channel), Vector::load(bias)),
                product.epilogue.activation);
            return residual == nullptr ? x : Vector::add(x, Pairs::load(residual + channel / 2));
        };
#pragma GCC unroll 4
        for (std::size_t channel = 0; channel < columns; channel += step) {
            const auto lower = finished(channel);
            if constexpr (step == width) {
                Pairs::store(output + channel / 2, lower);
            } else {
                Pairs::store(output + channel / 2, lower, finished(channel + width));
            }
        }
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
};

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
