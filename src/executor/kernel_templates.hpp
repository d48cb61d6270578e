// SPDX-License-Identifier: Apache-2.0
// The kernels, for any vector type. Included by one file for each instruction set, inside an
// unnamed namespace and with that file's compiler flags. They must not call functions of the C++
// library, because the linker could use this file's copy for the whole program.

/// Returns e^-x for -80 ≤ x ≤ 80, by range reduction and a polynomial, as in Cephes' expf.
template <class V>
typename V::Type exp_of_negative(typename V::Type x) {
    const auto negative = V::sub(V::broadcast(0.0F), x);
    const auto exponent = V::round(V::mul(negative, V::broadcast(1.44269504088896341F)));
    auto rest = V::fma(exponent, V::broadcast(-0.693359375F), negative);
    rest = V::fma(exponent, V::broadcast(2.12194440e-4F), rest);
    auto sum = V::broadcast(1.9875691500E-4F);
    sum = V::fma(sum, rest, V::broadcast(1.3981999507E-3F));
    sum = V::fma(sum, rest, V::broadcast(8.3334519073E-3F));
    sum = V::fma(sum, rest, V::broadcast(4.1665795894E-2F));
    sum = V::fma(sum, rest, V::broadcast(1.6666665459E-1F));
    sum = V::fma(sum, rest, V::broadcast(5.0000001201E-1F));
    sum = V::fma(sum, V::mul(rest, rest), V::add(rest, V::broadcast(1.0F)));
    return V::scale_by_power(sum, exponent);
}

/// Returns 1 / (1 + e^-x).
template <class V>
typename V::Type sigmoid(typename V::Type x) {
    const auto limited = V::max(V::min(x, V::broadcast(80.0F)), V::broadcast(-80.0F));
    const auto divisor = V::add(exp_of_negative<V>(limited), V::broadcast(1.0F));
    // Newton steps extend the CPU's estimate to the last bit in less time than a division. The
    // second step is needed to agree with the reference, because errors of one bit accumulate over
    // the layers.
    const auto estimate = V::reciprocal_estimate(divisor);
    const auto better = V::mul(estimate, V::fnma(divisor, estimate, V::broadcast(2.0F)));
    return V::fma(better, V::fnma(divisor, better, V::broadcast(1.0F)), better);
}

/// Returns x - ⌊x⌋.
template <class V>
typename V::Type above_floor(typename V::Type x) {
    if constexpr (requires { V::above_floor(x); }) {
        return V::above_floor(x);
    } else {
        return V::sub(x, V::floor(x));
    }
}

/// Returns x × 2^⌊exponent⌋. Unless the CPU has an instruction for it, the exponent is limited so
/// that the result is normal.
template <class V>
typename V::Type scale_by_floor(typename V::Type x, typename V::Type exponent) {
    if constexpr (requires { V::scale_by_floor(x, exponent); }) {
        return V::scale_by_floor(x, exponent);
    } else {
        const auto limited = V::max(V::min(exponent, V::broadcast(126.0F)), V::broadcast(-126.0F));
        return V::scale_by_power(x, V::floor(limited));
    }
}

/// Returns 1 / (1 + e^-x) with 13 bits, more than bfloat16 and bytes keep.
template <class V>
typename V::Type quick_sigmoid(typename V::Type x) {
    const auto exponent = V::mul(x, V::broadcast(-1.44269504F));
    const auto rest = above_floor<V>(exponent);
    // 2^rest for 0 ≤ rest < 1.
    auto power = V::fma(rest, V::broadcast(0.078024521F), V::broadcast(0.22606716F));
    power = V::fma(power, rest, V::broadcast(0.69583356F));
    power = V::fma(power, rest, V::broadcast(0.99992520F));
    const auto divisor = V::add(scale_by_floor<V>(power, exponent), V::broadcast(1.0F));
    const auto estimate = V::reciprocal_estimate(divisor);
    if constexpr (V::estimate_bits >= 13) {
        return estimate;
    }
    return V::mul(estimate, V::fnma(divisor, estimate, V::broadcast(2.0F)));
}

template <class V, typename V::Type (*sigmoid_of)(typename V::Type x)>
typename V::Type activate_by(typename V::Type x, Activation activation) {
    switch (activation) {
        case Activation::relu:
            return V::max(V::broadcast(0.0F), x);  // Keeps NaN.
        case Activation::silu:
            return V::mul(x, sigmoid_of(x));
        case Activation::sigmoid:
            return sigmoid_of(x);
        case Activation::none:
            break;
    }
    return x;
}

template <class V>
typename V::Type activate(typename V::Type x, Activation activation) {
    return activate_by<V, sigmoid<V>>(x, activation);
}

template <class V>
typename V::Type quick_activate(typename V::Type x, Activation activation) {
    return activate_by<V, quick_sigmoid<V>>(x, activation);
}

/// Writes one pixel's sums to its output. `bias` may be null.
template <class V>
void finish_pixel(const float* sums, const float* bias, std::size_t channels,
                  const Epilogue& epilogue) {
    std::size_t channel = 0;
    for (; channel + V::width <= channels; channel += V::width) {
        auto x = V::load(sums + channel);
        if (bias != nullptr) {
            x = V::add(x, V::load(bias + channel));
        }
        x = activate<V>(x, epilogue.activation);
        if (epilogue.residual != nullptr) {
            x = V::add(x, V::load(epilogue.residual + channel));
        }
        V::store(epilogue.output + channel, x);
    }
    const std::size_t rest = channels - channel;
    if (rest == 0) {
        return;
    }
    float numbers[V::width] = {};
    float finished[V::width];
    for (std::size_t i = 0; i < rest; ++i) {
        numbers[i] = sums[channel + i] + (bias != nullptr ? bias[channel + i] : 0.0F);
    }
    V::store(finished, activate<V>(V::load(numbers), epilogue.activation));
    for (std::size_t i = 0; i < rest; ++i) {
        epilogue.output[channel + i] =
            finished[i] + (epilogue.residual != nullptr ? epilogue.residual[channel + i] : 0.0F);
    }
}

#include "executor/byte_templates.hpp"

/// Writes one pixel of a tile's sums to its output. `bias` may be null.
template <class V, class Factors>
void finish_tile_pixel(const float* sums, const float* bias, std::size_t channels,
                       const Epilogue& epilogue) {
    if constexpr (Factors::has_integer_sums) {
        if (epilogue.output_scales) {
            finish_bytes<typename Factors::Bytes>(sums, bias, channels, epilogue);
            return;
        }
    }
    finish_pixel<V>(sums, bias, channels, epilogue);
}

/// Products of float32 values. Other types multiply groups of values with as many bits.
template <class V>
struct FloatFactors {
    static constexpr bool has_integer_sums = false;
    static typename V::Type add(typename V::Type x, typename V::Type y, typename V::Type sum) {
        return V::fma(x, y, sum);
    }
};

template <class V, class Factors, int rows, int vectors>
void convolve_tile(const ConvolutionTile& tile) {
    constexpr int columns = vectors * V::width;
    typename V::Type sums[rows][vectors];
#pragma GCC unroll 16
    for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
        for (int vector = 0; vector < vectors; ++vector) {
            sums[row][vector] = !tile.first ? V::load(tile.sums + row * columns + vector * V::width)
                                : tile.bias != nullptr ? V::load(tile.bias + vector * V::width)
                                                       : V::broadcast(0.0F);
        }
    }
    for (std::size_t tap = 0; tap < tile.taps; ++tap) {
        const float* pixels[rows];
#pragma GCC unroll 16
        for (int row = 0; row < rows; ++row) {
            pixels[row] = tile.rows[tap * rows + row];
        }
        const float* weights = tile.weights + tap * tile.tap_stride;
        for (std::size_t channel = 0; channel < tile.channels; ++channel) {
            typename V::Type weight[vectors];
#pragma GCC unroll 8
            for (int vector = 0; vector < vectors; ++vector) {
                weight[vector] = V::load(weights + vector * V::width);
            }
            weights += columns;
#pragma GCC unroll 16
            for (int row = 0; row < rows; ++row) {
                const auto number = V::broadcast(pixels[row][channel]);
#pragma GCC unroll 8
                for (int vector = 0; vector < vectors; ++vector) {
                    sums[row][vector] = Factors::add(number, weight[vector], sums[row][vector]);
                }
            }
        }
    }
#pragma GCC unroll 16
    for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
        for (int vector = 0; vector < vectors; ++vector) {
            if constexpr (Factors::has_integer_sums) {
                if (tile.last) {
                    sums[row][vector] = V::fma(V::from_integers(sums[row][vector]),
                                               V::load(tile.scale + vector * V::width),
                                               V::load(tile.shift + vector * V::width));
                }
            }
            V::store(tile.sums + row * columns + vector * V::width, sums[row][vector]);
        }
    }
    if (!tile.last) {
        return;
    }
    Epilogue epilogue = tile.epilogue;
    for (std::size_t row = 0; row < tile.valid_rows; ++row) {
        finish_tile_pixel<V, Factors>(tile.sums + row * columns, nullptr, tile.valid_channels,
                                      epilogue);
        epilogue.output += epilogue.output_stride;
        if (epilogue.residual != nullptr) {
            epilogue.residual += epilogue.residual_stride;
        }
    }
}

/// Writes sums in memory to outputs.
template <class V, class Factors>
void finish_tile(const ConvolutionTile& tile) {
    const std::size_t columns = static_cast<std::size_t>(tile.vectors) * V::width;
    Epilogue epilogue = tile.epilogue;
    for (std::size_t row = 0; row < tile.valid_rows; ++row) {
        float* const sums = tile.sums + row * columns;
        if constexpr (Factors::has_integer_sums) {
            for (std::size_t column = 0; column < columns; column += V::width) {
                const auto number = V::from_integers(V::load(sums + column));
                V::store(sums + column, V::fma(number, V::load(tile.scale + column),
                                               V::load(tile.shift + column)));
            }
        }
        finish_tile_pixel<V, Factors>(sums, tile.bias, tile.valid_channels, epilogue);
        epilogue.output += epilogue.output_stride;
        if (epilogue.residual != nullptr) {
            epilogue.residual += epilogue.residual_stride;
        }
    }
}

template <class V>
void depthwise(const DepthwiseTile& tile) {
    const std::size_t padded = (tile.channels + V::width - 1) / V::width * V::width;
    for (std::size_t channel = 0; channel < tile.channels; channel += V::width) {
        const bool whole = channel + V::width <= tile.channels;
        const std::size_t count = whole ? std::size_t{V::width} : tile.channels - channel;
        typename V::Type sums[depthwise_rows];
#pragma GCC unroll 4
        for (auto& sum : sums) {
            sum = V::load(tile.bias + channel);
        }
        for (std::size_t tap = 0; tap < tile.taps; ++tap) {
            const auto weight = V::load(tile.weights + tap * padded + channel);
#pragma GCC unroll 4
            for (int row = 0; row < depthwise_rows; ++row) {
                const float* const pixel = tile.rows[tap * depthwise_rows + row] + channel;
                sums[row] =
                    V::fma(whole ? V::load(pixel) : V::load_some(pixel, count), weight, sums[row]);
            }
        }
        float numbers[depthwise_rows * V::width];
#pragma GCC unroll 4
        for (int row = 0; row < depthwise_rows; ++row) {
            V::store(numbers + row * V::width, sums[row]);
        }
        Epilogue epilogue = tile.epilogue;
        for (std::size_t row = 0; row < tile.valid_rows; ++row) {
            epilogue.output = tile.epilogue.output + row * epilogue.output_stride + channel;
            if (epilogue.residual != nullptr) {
                epilogue.residual =
                    tile.epilogue.residual + row * epilogue.residual_stride + channel;
            }
            finish_pixel<V>(numbers + row * V::width, nullptr, count, epilogue);
        }
    }
}

template <class V>
void add_pixels(const float* pixels, std::size_t stride, std::size_t count, std::size_t channels,
                float* sums) {
    for (std::size_t pixel = 0; pixel < count; ++pixel, pixels += stride) {
        std::size_t channel = 0;
        for (; channel + V::width <= channels; channel += V::width) {
            V::store(sums + channel, V::add(V::load(sums + channel), V::load(pixels + channel)));
        }
        for (; channel < channels; ++channel) {
            sums[channel] += pixels[channel];
        }
    }
}

template <class V>
void scale_pixels(const float* pixels, std::size_t stride, std::size_t count, std::size_t channels,
                  const float* scale, float* output, std::size_t output_stride) {
    for (std::size_t pixel = 0; pixel < count; ++pixel, pixels += stride, output += output_stride) {
        std::size_t channel = 0;
        for (; channel + V::width <= channels; channel += V::width) {
            V::store(output + channel, V::mul(V::load(pixels + channel), V::load(scale + channel)));
        }
        for (; channel < channels; ++channel) {
            output[channel] = pixels[channel] * scale[channel];
        }
    }
}

template <class V>
void softmax(float* numbers, std::size_t count) {
    const std::size_t whole = count / V::width * V::width;
    auto largest = V::broadcast(numbers[0]);
    for (std::size_t i = 0; i < whole; i += V::width) {
        largest = V::max(largest, V::load(numbers + i));
    }
    float lanes[V::width];
    V::store(lanes, largest);
    float most = lanes[0];
    for (const float lane : lanes) {
        most = most < lane ? lane : most;
    }
    for (std::size_t i = whole; i < count; ++i) {
        most = most < numbers[i] ? numbers[i] : most;
    }
    // Values that far below the largest do not change a float32 sum.
    const auto exponential = [&](typename V::Type x) {
        return exp_of_negative<V>(
            V::max(V::min(V::sub(V::broadcast(most), x), V::broadcast(80.0F)), V::broadcast(0.0F)));
    };
    auto sums = V::broadcast(0.0F);
    for (std::size_t i = 0; i < whole; i += V::width) {
        const auto power = exponential(V::load(numbers + i));
        V::store(numbers + i, power);
        sums = V::add(sums, power);
    }
    V::store(lanes, sums);
    float sum = 0;
    for (const float lane : lanes) {
        sum += lane;
    }
    if (whole < count) {
        V::store(lanes, exponential(V::load_some(numbers + whole, count - whole)));
        for (std::size_t i = whole; i < count; ++i) {
            numbers[i] = lanes[i - whole];
            sum += numbers[i];
        }
    }
    const float factor = 1 / sum;
    for (std::size_t i = 0; i < whole; i += V::width) {
        V::store(numbers + i, V::mul(V::load(numbers + i), V::broadcast(factor)));
    }
    for (std::size_t i = whole; i < count; ++i) {
        numbers[i] *= factor;
    }
}

#include "executor/winograd_templates.hpp"

template <class V>
constexpr Kernels table_of(const TileShape& tiles, void (*convolve)(const ConvolutionTile& tile)) {
    return {.width = V::width,
            .tiles = tiles,
            .convolve = convolve,
            .depthwise = depthwise<V>,
            .winograd_input = winograd_input<V>,
            .winograd_weights = winograd_weights<V>,
            .winograd_output = winograd_output<V>,
            .finish_pixel = finish_pixel<V>,
            .add_pixels = add_pixels<V>,
            .scale_pixels = scale_pixels<V>,
            .softmax = softmax<V>,
            .int8 = nullptr,
            .bfloat16 = nullptr};
}
