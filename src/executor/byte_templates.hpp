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
        x = quick_activate<V>(x, epilogue.activation);
        if (epilogue.residual != nullptr) {
            x = V::add(x, widened<Bytes>(epilogue.residual + four, lanes,
                                         epilogue.residual_scales.from(channel)));
        }
        store_quantized<Bytes>(epilogue.output + four, x, lanes,
                               epilogue.output_scales.from(channel));
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
            .finish_pixel = finish_bytes<Bytes>};
}
