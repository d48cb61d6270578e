// SPDX-License-Identifier: Apache-2.0
// Feature maps of bytes, for any vector type. Included by kernel_templates.hpp, in the same way.
// `Bytes` loads as many contiguous channels as `Bytes::Vector` has elements, and stores them
// rounded and clamped to the range of a byte.

/// Returns the number of a vector's lanes that are used if `rest` channels remain.
template <class V>
std::size_t valid_lanes(std::size_t rest) {
    return rest < V::width ? rest : std::size_t{V::width};
}

template <class Bytes>
typename Bytes::Vector::Type widened(const float* fours, std::size_t count,
                                     const ByteScales& scales) {
    using V = typename Bytes::Vector;
    return V::mul(V::sub(Bytes::load_some(fours, count), V::load(scales.zero)),
                  V::load(scales.scale));
}

template <class Bytes>
void store_quantized(float* fours, typename Bytes::Vector::Type x, std::size_t count,
                     const ByteScales& scales) {
    using V = typename Bytes::Vector;
    Bytes::store_some(fours, V::fma(x, V::load(scales.inverse), V::load(scales.zero)), count);
}

template <class Bytes>
void quantize(const float* numbers, std::size_t count, const ByteScales& scales, float* fours) {
    using V = typename Bytes::Vector;
    for (std::size_t i = 0; i < count; i += V::width) {
        const std::size_t lanes = valid_lanes<V>(count - i);
        store_quantized<Bytes>(fours + i / Int8Kernels::group, V::load_some(numbers + i, lanes),
                               lanes, scales.from(i));
    }
}

template <class Bytes>
void widen(const float* fours, std::size_t count, const ByteScales& scales, float* numbers) {
    using V = typename Bytes::Vector;
    for (std::size_t i = 0; i < count; i += V::width) {
        const std::size_t lanes = valid_lanes<V>(count - i);
        float widest[V::width];
        V::store(widest, widened<Bytes>(fours + i / Int8Kernels::group, lanes, scales.from(i)));
        __builtin_memcpy(numbers + i, widest, lanes * sizeof(float));
    }
}

/// Applies the activation to sums of one vector of channels, adds the residual, which may be null,
/// and writes bytes.
template <class Bytes>
[[gnu::always_inline]] inline void finish_byte_vector(typename Bytes::Vector::Type x,
                                                      std::size_t channel, std::size_t lanes,
                                                      const Epilogue& epilogue,
                                                      const float* residual, float* output) {
    using V = typename Bytes::Vector;
    x = quick_activate<V>(x, epilogue.activation);
    if (residual != nullptr) {
        x = V::add(x, widened<Bytes>(residual, lanes, epilogue.residual_scales.from(channel)));
    }
    store_quantized<Bytes>(output, x, lanes, epilogue.output_scales.from(channel));
}

/// Writes one pixel's sums to an output of bytes; the residual is of bytes, too. `bias` may be
/// null.
template <class Bytes>
void finish_bytes(const float* sums, const float* bias, std::size_t channels,
                  const Epilogue& epilogue) {
    using V = typename Bytes::Vector;
    for (std::size_t channel = 0; channel < channels; channel += V::width) {
        const std::size_t lanes = valid_lanes<V>(channels - channel);
        const std::size_t four = channel / Int8Kernels::group;
        auto x = V::load_some(sums + channel, lanes);
        if (bias != nullptr) {
            x = V::add(x, V::load_some(bias + channel, lanes));
        }
        finish_byte_vector<Bytes>(x, channel, lanes, epilogue,
                                  epilogue.residual == nullptr ? nullptr : epilogue.residual + four,
                                  epilogue.output + four);
    }
}

/// Computes one vector of channels for all pixels. Keeps the weights in registers if the number of
/// taps is known.
template <class Bytes, std::size_t known_taps>
void depthwise_byte_vector(const DepthwiseTile& tile, std::size_t channel, std::size_t padded) {
    using V = typename Bytes::Vector;
    const std::size_t taps = known_taps != 0 ? known_taps : tile.taps;
    const std::size_t lanes = valid_lanes<V>(tile.channels - channel);
    const std::size_t four = channel / Int8Kernels::group;
    const float* const weights = tile.weights + channel;
    typename V::Type kept[known_taps != 0 ? known_taps : 1];
#pragma GCC unroll 9
    for (std::size_t tap = 0; tap < known_taps; ++tap) {
        kept[tap] = V::load(weights + tap * padded);
    }
    const auto bias = V::load(tile.bias + channel);
    for (std::size_t pixel = 0; pixel < tile.valid_rows; ++pixel) {
        auto sum = bias;
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < taps; ++tap) {
            const auto bytes =
                Bytes::load_some(tile.rows[tap * tile.row_count + pixel] + four, lanes);
            const auto weight =
                known_taps != 0 ? kept[known_taps != 0 ? tap : 0] : V::load(weights + tap * padded);
            sum = V::fma(bytes, weight, sum);
        }
        const Epilogue& epilogue = tile.epilogue;
        finish_byte_vector<Bytes>(sum, channel, lanes, epilogue,
                                  epilogue.residual == nullptr
                                      ? nullptr
                                      : epilogue.residual + pixel * epilogue.residual_stride + four,
                                  epilogue.output + pixel * epilogue.output_stride + four);
    }
}

template <class Bytes>
void depthwise_bytes(const DepthwiseTile& tile) {
    using V = typename Bytes::Vector;
    constexpr std::size_t most_common = 9;
    const std::size_t padded = (tile.channels + V::width - 1) / V::width * V::width;
    for (std::size_t channel = 0; channel < tile.channels; channel += V::width) {
        if (tile.taps == most_common) {
            depthwise_byte_vector<Bytes, most_common>(tile, channel, padded);
        } else {
            depthwise_byte_vector<Bytes, 0>(tile, channel, padded);
        }
    }
}

template <class Bytes>
void add_bytes(const float* pixels, std::size_t stride, std::size_t count, std::size_t channels,
               float* sums) {
    using V = typename Bytes::Vector;
    for (std::size_t channel = 0; channel < channels; channel += V::width) {
        const std::size_t lanes = valid_lanes<V>(channels - channel);
        auto sum = V::load_some(sums + channel, lanes);
        const float* from = pixels + channel / Int8Kernels::group;
        for (std::size_t pixel = 0; pixel < count; ++pixel, from += stride) {
            sum = V::add(sum, Bytes::load_some(from, lanes));
        }
        float numbers[V::width];
        V::store(numbers, sum);
        __builtin_memcpy(sums + channel, numbers, lanes * sizeof(float));
    }
}

template <class Bytes>
void scale_bytes(const ByteRow<const float>& input, const float* scale,
                 const ByteRow<float>& output) {
    using V = typename Bytes::Vector;
    for (std::size_t channel = 0; channel < input.channels; channel += V::width) {
        const std::size_t lanes = valid_lanes<V>(input.channels - channel);
        const auto from = input.scales.from(channel);
        const auto to = output.scales.from(channel);
        const auto factor = V::mul(
            V::mul(V::load(from.scale), V::load_some(scale + channel, lanes)), V::load(to.inverse));
        const auto zero = V::fnma(V::load(from.zero), factor, V::load(to.zero));
        const std::size_t four = channel / Int8Kernels::group;
        for (std::size_t pixel = 0; pixel < input.count; ++pixel) {
            const auto bytes = Bytes::load_some(input.pixels + pixel * input.stride + four, lanes);
            Bytes::store_some(output.pixels + pixel * output.stride + four,
                              V::fma(bytes, factor, zero), lanes);
        }
    }
}

template <class Bytes>
constexpr Int8Kernels table_of_bytes(const TileShape& tiles,
                                     void (*convolve)(const ConvolutionTile& tile),
                                     void (*widen_range)(const float* numbers, std::size_t count,
                                                         float& least, float& most)) {
    return {.tiles = tiles,
            .least_byte = Bytes::least,
            .multiplies_matrices = false,
            .convolve = convolve,
            .multiply = nullptr,
            .widen_range = widen_range,
            .quantize = quantize<Bytes>,
            .widen = widen<Bytes>,
            .finish_pixel = finish_bytes<Bytes>,
            .depthwise = depthwise_bytes<Bytes>,
            .add_pixels = add_bytes<Bytes>,
            .scale_pixels = scale_bytes<Bytes>};
}
