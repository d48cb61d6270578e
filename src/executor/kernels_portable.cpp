// SPDX-License-Identifier: Apache-2.0
// The kernels in plain C++, for every CPU. The compiler maps the vectors to those of the CPU.
#include "executor/kernel_tables.hpp"

#include <cstring>

namespace speciesnet::executor {
namespace {

struct Portable {
    using Type [[gnu::vector_size(16)]] = float;
    using Integers [[gnu::vector_size(16)]] = std::int32_t;
    static constexpr int width = 4;
    static constexpr std::size_t floats(std::size_t channels) { return channels; }
    static Type load(const float* from) {
        Type x;
        std::memcpy(&x, from, sizeof(x));
        return x;
    }
    static Type load_some(const float* from, std::size_t count) {
        Type x{};
        std::memcpy(&x, from, count * sizeof(float));
        return x;
    }
    static void store(float* to, Type x) { std::memcpy(to, &x, sizeof(x)); }
    static Type broadcast(float x) { return Type{x, x, x, x}; }
    static Type add(Type x, Type y) { return x + y; }
    static Type sub(Type x, Type y) { return x - y; }
    static Type mul(Type x, Type y) { return x * y; }
    /// Rounds twice, because not every CPU has an instruction for it.
    static Type fma(Type x, Type y, Type z) { return x * y + z; }
    static Type fnma(Type x, Type y, Type z) { return z - x * y; }
    // Return the second operand if one is NaN, as on x86.
    static Type min(Type x, Type y) { return x < y ? x : y; }
    static Type max(Type x, Type y) { return x > y ? x : y; }
    /// Requires values below 2^22: adding `large` shifts out all fractional bits.
    static Type round(Type x) {
        const Type large = broadcast(12582912.0F);
        return (x + large) - large;
    }
    /// Requires an integer exponent and a result that is not subnormal.
    static Type scale_by_power(Type x, Type exponent) {
        const Integers shifted = __builtin_convertvector(exponent, Integers) << 23;
        Integers bits;
        std::memcpy(&bits, &x, sizeof(bits));
        bits += shifted;
        std::memcpy(&x, &bits, sizeof(x));
        return x;
    }
    static Type floor(Type x) {
        return Type{__builtin_floorf(x[0]), __builtin_floorf(x[1]), __builtin_floorf(x[2]),
                    __builtin_floorf(x[3])};
    }
    static Type from_integers(Type x) {
        Integers integers;
        std::memcpy(&integers, &x, sizeof(integers));
        return __builtin_convertvector(integers, Type);
    }
    static constexpr int estimate_bits = 24;
    static Type reciprocal_estimate(Type x) { return broadcast(1.0F) / x; }
};

#include "executor/kernel_templates.hpp"

void convolve(const ConvolutionTile& tile) {
    if (tile.vectors == 2) {
        convolve_tile<Portable, FloatFactors<Portable>, 6, 2>(tile);
    } else {
        convolve_tile<Portable, FloatFactors<Portable>, 6, 1>(tile);
    }
}

/// Four channels as unsigned bytes.
struct PortableBytes {
    using Vector = Portable;
    static constexpr float least = 0;
    static Portable::Type load_some(const float* fours, std::size_t /*count*/) {
        std::uint8_t bytes[4];
        std::memcpy(bytes, fours, sizeof(bytes));
        Portable::Type x;
        for (int i = 0; i < 4; ++i) {
            x[i] = static_cast<float>(bytes[i]);
        }
        return x;
    }
    static void store_some(float* fours, Portable::Type x, std::size_t count) {
        x = Portable::max(x, Portable::broadcast(0.0F));
        x = Portable::round(Portable::min(x, Portable::broadcast(255.0F)));
        std::uint8_t bytes[4] = {};
        for (std::size_t i = 0; i < count; ++i) {
            bytes[i] = static_cast<std::uint8_t>(x[i]);
        }
        std::memcpy(fours, bytes, sizeof(bytes));
    }
};

/// Sums of four products of bytes.
struct ByteFactors {
    static constexpr bool has_integer_sums = true;
    using Bytes = PortableBytes;
    static Portable::Type add(Portable::Type x, Portable::Type y, Portable::Type sum) {
        std::uint8_t pixels[16];
        std::int8_t weights[16];
        Portable::Integers sums;
        std::memcpy(pixels, &x, sizeof(pixels));
        std::memcpy(weights, &y, sizeof(weights));
        std::memcpy(&sums, &sum, sizeof(sums));
        // Unsigned, because sums of damaged files may overflow.
        for (int i = 0; i < 16; ++i) {
            sums[i / 4] =
                static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[i / 4]) +
                                          static_cast<std::uint32_t>(pixels[i] * weights[i]));
        }
        std::memcpy(&sum, &sums, sizeof(sum));
        return sum;
    }
};

void convolve_bytes(const ConvolutionTile& tile) {
    if (tile.vectors == 2) {
        convolve_tile<Portable, ByteFactors, 6, 2>(tile);
    } else {
        convolve_tile<Portable, ByteFactors, 6, 1>(tile);
    }
}

void widen_range(const float* numbers, std::size_t count, float& least, float& most) {
    for (std::size_t i = 0; i < count; ++i) {
        least = numbers[i] < least ? numbers[i] : least;
        most = numbers[i] > most ? numbers[i] : most;
    }
}

}  // namespace

const Int8Kernels& portable_int8_kernels() {
    static constexpr Int8Kernels table =
        table_of_bytes<PortableBytes>(portable_tiles, convolve_bytes, widen_range);
    return table;
}

const Kernels& portable_kernels() {
    static constexpr Kernels table = table_of<Portable>(portable_tiles, convolve);
    return table;
}

}  // namespace speciesnet::executor
