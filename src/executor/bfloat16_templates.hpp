// SPDX-License-Identifier: Apache-2.0
// Pictures of bfloat16 numbers. Included after avx512_templates.hpp, in the same way, with the
// flags of AVX-512 BF16.

/// Vectors of sixteen channels.
struct Pairs {
    static constexpr std::size_t floats(std::size_t channels) { return channels / 2; }
    static __m512 load(const float* from) {
        return widened(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
    }
    static __m512 load_some(const float* from, std::size_t count) {
        return widened(_mm256_maskz_loadu_epi16(mask_of(count), from));
    }
    static void store(float* to, __m512 x) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), rounded(x));
    }
    static void store_some(float* to, __m512 x, std::size_t count) {
        _mm256_mask_storeu_epi16(to, mask_of(count), rounded(x));
    }
    /// Both halves of thirty-two channels.
    static void store(float* to, __m512 lower, __m512 upper) {
        _mm512_storeu_si512(to, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(upper, lower)));
    }

private:
    static __mmask16 mask_of(std::size_t count) {
        return static_cast<__mmask16>((1U << count) - 1U);
    }
    static __m512 widened(__m256i x) {
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(x), 16));
    }
    static __m256i rounded(__m512 x) { return reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x)); }
};

/// 1 / (1 + e^-x) to 13 bits, more than the rounding leaves.
inline __m512 quick_sigmoid(__m512 x) {
    const __m512 exponent = _mm512_mul_ps(x, Avx512::broadcast(-1.44269504F));
    constexpr int fraction = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
    const __m512 rest = _mm512_reduce_ps(exponent, fraction);
    // 2^rest for 0 ≤ rest < 1.
    __m512 power =
        Avx512::fma(rest, Avx512::broadcast(0.078024521F), Avx512::broadcast(0.22606716F));
    power = Avx512::fma(power, rest, Avx512::broadcast(0.69583356F));
    power = Avx512::fma(power, rest, Avx512::broadcast(0.99992520F));
    const __m512 divisor = Avx512::add(_mm512_scalef_ps(power, exponent), Avx512::broadcast(1.0F));
    return Avx512::reciprocal_estimate(divisor);
}

inline __m512 quick_activate(__m512 x, Activation activation) {
    switch (activation) {
        case Activation::relu:
            return Avx512::max(Avx512::broadcast(0.0F), x);
        case Activation::silu:
            return Avx512::mul(x, quick_sigmoid(x));
        case Activation::sigmoid:
            return quick_sigmoid(x);
        case Activation::none:
            break;
    }
    return x;
}

/// One pixel of `Source` to its output. `bias` may be null.
template <class Source>
void finish_pairs(const float* pixel, const float* bias, std::size_t channels,
                  const Epilogue& epilogue) {
    for (std::size_t channel = 0; channel < channels; channel += Avx512::width) {
        const std::size_t rest = channels - channel;
        const std::size_t count = rest < Avx512::width ? rest : std::size_t{Avx512::width};
        auto x = Source::load_some(pixel + Source::floats(channel), count);
        if (bias != nullptr) {
            x = Avx512::add(x, Avx512::load_some(bias + channel, count));
        }
        x = quick_activate(x, epilogue.activation);
        if (epilogue.residual != nullptr) {
            x = Avx512::add(x, Pairs::load_some(epilogue.residual + channel / 2, count));
        }
        Pairs::store_some(epilogue.output + channel / 2, x, count);
    }
}

/// Thirty-two channels as two vectors: those of even numbers and those of odd numbers.
struct Halves {
    __m512 even;
    __m512 odd;

    static Halves load(const float* pairs, __mmask16 mask) {
        const __m512i both = _mm512_maskz_loadu_epi32(mask, pairs);
        return {_mm512_castsi512_ps(_mm512_slli_epi32(both, 16)),
                _mm512_castsi512_ps(_mm512_and_si512(both, upper_numbers()))};
    }
    /// From thirty-two float32 numbers in their order.
    static Halves load_numbers(const float* numbers, std::size_t count) {
        const std::size_t lower = count < 16 ? count : 16;
        const auto first = Avx512::load_some(numbers, lower);
        const auto second = Avx512::load_some(numbers + lower, count - lower);
        return {_mm512_permutex2var_ps(first, every_second(0), second),
                _mm512_permutex2var_ps(first, every_second(1), second)};
    }
    void store(float* pairs, __mmask16 mask) const {
        const auto halves = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(odd, even));
        _mm512_mask_storeu_epi32(pairs, mask, _mm512_permutexvar_epi16(alternating(), halves));
    }
    /// Numbers that need no rounding.
    void store_exact(float* pairs, __mmask16 mask) const {
        const __m512i lower = _mm512_srli_epi32(_mm512_castps_si512(even), 16);
        const __m512i upper = _mm512_and_si512(_mm512_castps_si512(odd), upper_numbers());
        _mm512_mask_storeu_epi32(pairs, mask, _mm512_or_si512(lower, upper));
    }
    void add_to_numbers(float* numbers, std::size_t count) const {
        const std::size_t lower = count < 16 ? count : 16;
        add_some(numbers, _mm512_permutex2var_ps(even, alternating_from(0), odd), lower);
        add_some(numbers + lower, _mm512_permutex2var_ps(even, alternating_from(8), odd),
                 count - lower);
    }

private:
    static void add_some(float* to, __m512 x, std::size_t count) {
        const auto mask = static_cast<__mmask16>((1U << count) - 1U);
        _mm512_mask_storeu_ps(to, mask, Avx512::add(x, Avx512::load_some(to, count)));
    }
    static __m512i upper_numbers() { return _mm512_set1_epi32(static_cast<int>(0xFFFF0000U)); }
    static __m512i counted() {
        return _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }
    static __m512i every_second(int first) {
        return _mm512_add_epi32(_mm512_slli_epi32(counted(), 1), _mm512_set1_epi32(first));
    }
    /// Of two vectors, 16 is the first number of the second one.
    static __m512i alternating_from(int first) {
        const __m512i second = _mm512_set1_epi64(std::int64_t{16} << 32U);
        return _mm512_add_epi32(_mm512_add_epi32(_mm512_srli_epi32(counted(), 1), second),
                                _mm512_set1_epi32(first));
    }
    static __m512i alternating() {
        return _mm512_or_si512(
            counted(), _mm512_slli_epi32(_mm512_add_epi32(counted(), _mm512_set1_epi32(16)), 16));
    }
};

inline __mmask16 mask_of_pairs(std::size_t pairs) {
    return static_cast<__mmask16>(pairs < 16 ? (1U << pairs) - 1U : 0xFFFFU);
}

/// Thirty-two channels of all pixels. Their weights, if there are few enough, stay in registers.
template <std::size_t known_taps>
void depthwise_vector(const DepthwiseTile& tile, std::size_t pair, std::size_t padded) {
    const std::size_t taps = known_taps != 0 ? known_taps : tile.taps;
    const __mmask16 mask = mask_of_pairs(tile.channels / 2 - pair);
    const float* const weights = tile.weights + 2 * pair;
    Halves kept[known_taps != 0 ? known_taps : 1];
#pragma GCC unroll 9
    for (std::size_t tap = 0; tap < known_taps; ++tap) {
        kept[tap] = {Avx512::load(weights + tap * padded),
                     Avx512::load(weights + tap * padded + 16)};
    }
    for (std::size_t pixel = 0; pixel < tile.valid_rows; ++pixel) {
        Halves sum{Avx512::load(tile.bias + 2 * pair), Avx512::load(tile.bias + 2 * pair + 16)};
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < taps; ++tap) {
            const auto numbers = Halves::load(tile.rows[tap * tile.row_count + pixel] + pair, mask);
            const auto weight = known_taps != 0 ? kept[known_taps != 0 ? tap : 0]
                                                : Halves{Avx512::load(weights + tap * padded),
                                                         Avx512::load(weights + tap * padded + 16)};
            sum = {Avx512::fma(numbers.even, weight.even, sum.even),
                   Avx512::fma(numbers.odd, weight.odd, sum.odd)};
        }
        sum = {quick_activate(sum.even, tile.epilogue.activation),
               quick_activate(sum.odd, tile.epilogue.activation)};
        if (tile.epilogue.residual != nullptr) {
            const auto residual = Halves::load(
                tile.epilogue.residual + pixel * tile.epilogue.residual_stride + pair, mask);
            sum = {Avx512::add(sum.even, residual.even), Avx512::add(sum.odd, residual.odd)};
        }
        float* const output = tile.epilogue.output + pixel * tile.epilogue.output_stride + pair;
        sum.store(output, mask);
        // One cache line of each pixel, far from the next one's: no prefetcher of the CPU knows it.
        __builtin_prefetch(output + matrix_side, 1);
        for (std::size_t tap = 1; tap < known_taps; tap += 3) {
            __builtin_prefetch(tile.rows[tap * tile.row_count + pixel] + pair + matrix_side);
        }
    }
}

/// Weights and bias: of each thirty-two channels, sixteen even and sixteen odd ones.
inline void depthwise_pairs(const DepthwiseTile& tile) {
    constexpr std::size_t most_common = 9;
    const std::size_t pairs = tile.channels / 2;
    const std::size_t padded = (pairs + 15) / 16 * 32;
    for (std::size_t pair = 0; pair < pairs; pair += 16) {
        if (tile.taps == most_common) {
            depthwise_vector<most_common>(tile, pair, padded);
        } else {
            depthwise_vector<0>(tile, pair, padded);
        }
    }
}

inline void add_pairs(const float* pixels, std::size_t stride, std::size_t count,
                      std::size_t channels, float* sums) {
    for (std::size_t pair = 0; pair < channels / 2; pair += 16) {
        const __mmask16 mask = mask_of_pairs(channels / 2 - pair);
        Halves sum{_mm512_setzero_ps(), _mm512_setzero_ps()};
        const float* from = pixels + pair;
        for (std::size_t pixel = 0; pixel < count; ++pixel, from += stride) {
            const auto numbers = Halves::load(from, mask);
            sum = {Avx512::add(sum.even, numbers.even), Avx512::add(sum.odd, numbers.odd)};
        }
        const std::size_t rest = channels - 2 * pair;
        sum.add_to_numbers(sums + 2 * pair, rest < 32 ? rest : 32);
    }
}

inline void scale_pairs(const float* pixels, std::size_t stride, std::size_t count,
                        std::size_t channels, const float* scale, float* output,
                        std::size_t output_stride) {
    for (std::size_t pair = 0; pair < channels / 2; pair += 16) {
        const __mmask16 mask = mask_of_pairs(channels / 2 - pair);
        const std::size_t rest = channels - 2 * pair;
        const auto factors = Halves::load_numbers(scale + 2 * pair, rest < 32 ? rest : 32);
        for (std::size_t pixel = 0; pixel < count; ++pixel) {
            const auto numbers = Halves::load(pixels + pixel * stride + pair, mask);
            const Halves products{Avx512::mul(numbers.even, factors.even),
                                  Avx512::mul(numbers.odd, factors.odd)};
            products.store(output + pixel * output_stride + pair, mask);
        }
    }
}

inline void keep_maximum_of_pairs(const float* pixel, std::size_t channels, float* maximum) {
    for (std::size_t pair = 0; pair < channels / 2; pair += 16) {
        const __mmask16 mask = mask_of_pairs(channels / 2 - pair);
        const auto numbers = Halves::load(pixel + pair, mask);
        const auto known = Halves::load(maximum + pair, mask);
        const Halves larger{Avx512::max(numbers.even, known.even),
                            Avx512::max(numbers.odd, known.odd)};
        larger.store_exact(maximum + pair, mask);
    }
}

inline void round_numbers(const float* numbers, std::size_t count, float* pairs) {
    for (std::size_t i = 0; i < count; i += 16, pairs += 8) {
        const std::size_t rest = count - i < 16 ? count - i : 16;
        const auto rounded =
            reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(Avx512::load_some(numbers + i, rest)));
        const auto mask = static_cast<__mmask8>((1U << ((rest + 1) / 2)) - 1U);
        _mm256_mask_storeu_epi32(pairs, mask, rounded);
    }
}

inline void widen_pairs(const float* pairs, std::size_t count, float* numbers) {
    for (std::size_t i = 0; i < count; i += 16) {
        const std::size_t rest = count - i < 16 ? count - i : 16;
        _mm512_mask_storeu_ps(numbers + i, static_cast<__mmask16>((1U << rest) - 1U),
                              Pairs::load_some(pairs + i / 2, rest));
    }
}

/// Channels that a product has behind the first one of a panel.
inline std::size_t panel_channels(const MatrixProduct& product, std::size_t first_channel) {
    const std::size_t rest = product.channels - first_channel;
    return rest < matrix_panel ? rest : matrix_panel;
}

/// Writes sums of a few pixels and one panel, pixel by pixel, perhaps while others are computed.
/// All is inlined, so that what it counts stays in the registers of who computes.
class SumWriter {
public:
    explicit SumWriter(const MatrixProduct& product) : product_(product) {}

    /// @param sums  [pixels][columns], in memory until they are written
    /// @param pixel the first of them
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
                    continue;  // What lies between two rows.
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
    /// One or two vectors of bfloat16 numbers.
    [[gnu::always_inline]] void write_whole() const {
        const float* const bias = product_.bias + first_channel_;
        auto lower = activated(Avx512::add(Avx512::load(sums_), Avx512::load(bias)));
        if (residual_ != nullptr) {
            lower = Avx512::add(lower, Pairs::load(residual_));
        }
        if (columns_ == matrix_side) {
            Pairs::store(output_, lower);
            return;
        }
        auto upper = activated(Avx512::add(Avx512::load(sums_ + 16), Avx512::load(bias + 16)));
        if (residual_ != nullptr) {
            upper = Avx512::add(upper, Pairs::load(residual_ + 8));
        }
        Pairs::store(output_, lower, upper);
        // One cache line of each pixel, far from the next one's: no prefetcher of the CPU knows it.
        __builtin_prefetch(output_ + pixels_ahead * product_.epilogue.output_stride, 1);
        if (residual_ != nullptr) {
            __builtin_prefetch(residual_ + pixels_ahead * product_.epilogue.residual_stride, 0, 2);
        }
    }
    [[gnu::always_inline]] __m512 activated(__m512 x) const {
        const auto activation = product_.epilogue.activation;
        return activation == Activation::silu ? Avx512::mul(x, quick_sigmoid(x))
                                              : quick_activate(x, activation);
    }
    /// Any channels of any elements.
    [[gnu::noinline]] static void write_pixel(const MatrixProduct& product, const float* sums,
                                              std::size_t first_channel, float* output,
                                              const float* residual) {
        const auto finish =
            product.element == Element::float32 ? finish_pixel<Avx512> : finish_pairs<Avx512>;
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
    std::size_t row_rest_ = 0;  ///< Pixels that are left of it.
    bool is_whole_ = false;     ///< Nothing but vectors of bfloat16 numbers.
};

/// Floats from a pixel to a block of channels.
inline std::size_t place_of_block(const MatrixProduct& product, std::size_t block) {
    return block + 1 == product.blocks ? product.last_block : block * matrix_side;
}

inline constexpr Bfloat16Kernels table_of_pairs(void (*multiply)(const MatrixProduct& product)) {
    return {.is_faster_than_winograd = false,
            .multiply = multiply,
            .round = round_numbers,
            .widen = widen_pairs,
            .depthwise = depthwise_pairs,
            .winograd_input = winograd_input<Avx512, Pairs>,
            .finish_pixel = finish_pairs<Pairs>,
            .finish_sums = finish_pairs<Avx512>,
            .add_pixels = add_pairs,
            .scale_pixels = scale_pairs,
            .keep_maximum = keep_maximum_of_pairs};
}
