// SPDX-License-Identifier: Apache-2.0
// split_products: compares 1×1 float32 convolutions with AVX-512 and with AMX, for which each value
// is split into three bfloat16 values: hi + mid + lo. Of the nine products six are added; the
// others are below 2^-26 of the first. The library has no such kernel, and this program shows why.
#include "executor/amx_availability.hpp"
#include "executor/convolution.hpp"
#include "executor/matrix_weights.hpp"
#include "executor/memory.hpp"
#include "executor/thread_pool.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include <immintrin.h>

namespace {

using namespace speciesnet::executor;

#include "executor/amx_registers.hpp"

struct PairProducts {
    static constexpr bool has_integer_sums = false;
};

constexpr std::size_t pieces = 3;
constexpr std::size_t tile_pixels = 2 * matrix_side;
/// Number of channels of a block, whose pairs fill a row of a register.
constexpr std::size_t block_channels = 2 * matrix_side;
constexpr auto row_bytes = static_cast<std::ptrdiff_t>(matrix_side * sizeof(float));
/// Number of steps when measuring in registers only.
constexpr int steps = 20'000;

struct Shape {
    std::size_t inputs;
    std::size_t outputs;
    std::size_t pixels;

    double flops() const {
        return 2.0 * static_cast<double>(inputs) * static_cast<double>(outputs) *
               static_cast<double>(pixels);
    }
};

/// Returns values from -1 to 1, the same in each run.
std::vector<float> numbers(std::size_t count) {
    std::vector<float> values(count);
    std::uint32_t state = 1;
    for (auto& value : values) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<float>(state >> 8U) / static_cast<float>(1U << 23U) - 1.0F;
    }
    return values;
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16")]] __m512 widened(__m256i pairs) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(pairs), 16));
}

/// Converts pixels to the layout of registers: [sixteen pixels][block][piece][pixel][thirty-two
/// channels].
[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16")]] void split(const float* pixels,
                                                                   const Shape& shape, float* to) {
    const std::size_t blocks = shape.inputs / block_channels;
    for (std::size_t pixel = 0; pixel < shape.pixels; ++pixel) {
        float* run = to + pixel / matrix_side * blocks * pieces * matrix_block +
                     pixel % matrix_side * matrix_side;
        for (std::size_t block = 0; block < blocks; ++block, pixels += block_channels) {
            __m512 lower = _mm512_loadu_ps(pixels);
            __m512 upper = _mm512_loadu_ps(pixels + matrix_side);
            for (std::size_t piece = 0; piece < pieces; ++piece, run += matrix_block) {
                const auto both = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(upper, lower));
                _mm512_storeu_si512(run, both);
                lower = _mm512_sub_ps(lower, widened(_mm512_castsi512_si256(both)));
                upper = _mm512_sub_ps(upper, widened(_mm512_extracti64x4_epi64(both, 1)));
            }
        }
    }
}

/// Splits weights [outputs][inputs]; each piece is packed separately.
std::vector<MatrixWeights> split_weights(const Bfloat16Kernels& kernels, std::vector<float> weights,
                                         const Shape& shape) {
    std::vector<MatrixWeights> packed;
    std::vector<float> pairs(weights.size() / 2);
    std::vector<float> rounded(weights.size());
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        kernels.round(weights.data(), weights.size(), pairs.data());
        packed.emplace_back(Element::bfloat16, pairs, ConvolutionGeometry{}, shape.outputs,
                            shape.inputs);
        kernels.widen(pairs.data(), rounded.size(), rounded.data());
        std::transform(weights.begin(), weights.end(), rounded.begin(), weights.begin(),
                       std::minus<>());
    }
    return packed;
}

/// Computes thirty-two pixels by thirty-two output channels. Small products come first in each
/// block.
/// @param pixels  from split(), two times sixteen
/// @param weights a panel of each piece
void multiply_tile(MatrixRegisters& registers, const float* pixels,
                   const std::array<const float*, pieces>& weights, std::size_t blocks,
                   float* output, std::size_t output_stride) {
    constexpr std::size_t hi = 0;
    constexpr std::size_t mid = 1;
    constexpr std::size_t lo = 2;
    registers.clear<0>();
    registers.clear<1>();
    registers.clear<2>();
    registers.clear<3>();
    for (std::size_t block = 0; block < blocks; ++block) {
        const float* const upper = pixels + block * pieces * matrix_block;
        const float* const lower = upper + blocks * pieces * matrix_block;
        const std::size_t vectors = block * 2 * matrix_block;
        // Loads are placed between products that do not need them.
        const auto multiply_new_pixels = [&](std::size_t piece) {
            registers.load<4>(upper + piece * matrix_block, row_bytes);
            registers.multiply<PairProducts, 0, 4, 6>();
            registers.multiply<PairProducts, 1, 4, 7>();
            registers.load<5>(lower + piece * matrix_block, row_bytes);
            registers.multiply<PairProducts, 2, 5, 6>();
            registers.multiply<PairProducts, 3, 5, 7>();
        };
        const auto multiply_new_weights = [&](std::size_t piece) {
            registers.load<6>(weights.at(piece) + vectors, row_bytes);
            registers.multiply<PairProducts, 0, 4, 6>();
            registers.multiply<PairProducts, 2, 5, 6>();
            registers.load<7>(weights.at(piece) + vectors + matrix_block, row_bytes);
            registers.multiply<PairProducts, 1, 4, 7>();
            registers.multiply<PairProducts, 3, 5, 7>();
        };
        registers.load<4>(upper + lo * matrix_block, row_bytes);
        registers.load<5>(lower + lo * matrix_block, row_bytes);
        multiply_new_weights(hi);
        multiply_new_pixels(mid);
        multiply_new_weights(mid);
        multiply_new_pixels(hi);
        multiply_new_weights(lo);
        multiply_new_weights(hi);
    }
    const auto stride = static_cast<std::ptrdiff_t>(output_stride * sizeof(float));
    float* const lower_output = output + matrix_side * output_stride;
    registers.store<0>(output, stride);
    registers.store<1>(output + matrix_side, stride);
    registers.store<2>(lower_output, stride);
    registers.store<3>(lower_output + matrix_side, stride);
}

/// A tile of pixels stays in cache while all weights are used.
void multiply(const float* pixels, const std::vector<MatrixWeights>& weights, const Shape& shape,
              float* output) {
    MatrixRegisters registers;
    const std::size_t blocks = shape.inputs / block_channels;
    for (std::size_t pixel = 0; pixel < shape.pixels; pixel += tile_pixels) {
        for (std::size_t channel = 0; channel < shape.outputs; channel += matrix_panel) {
            std::array<const float*, pieces> panels{};
            for (std::size_t piece = 0; piece < pieces; ++piece) {
                const std::size_t panel = channel / matrix_panel;
                panels.at(piece) = weights[piece].panels(panel, panel + 1).data();
            }
            multiply_tile(registers, pixels + pixel / matrix_side * blocks * pieces * matrix_block,
                          panels, blocks, output + pixel * shape.outputs + channel, shape.outputs);
        }
    }
}

/// Returns seconds of CPU time with warm caches.
double seconds(const std::function<void()>& work) {
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    };
    work();
    const double start = now();
    work();
    return now() - start;
}

/// Returns the seconds of a product of two registers.
/// @tparam loads whether half of the registers are reloaded from the first-level cache
template <bool loads>
double product_time(const float* two_registers) {
    MatrixRegisters registers;
    const double taken = seconds([&] {
        for (int step = 0; step < steps; ++step) {
            if constexpr (loads) {
                registers.load<4>(two_registers, row_bytes);
            }
            registers.multiply<PairProducts, 0, 4, 6>();
            registers.multiply<PairProducts, 1, 4, 7>();
            if constexpr (loads) {
                registers.load<5>(two_registers + matrix_block, row_bytes);
            }
            registers.multiply<PairProducts, 2, 5, 6>();
            registers.multiply<PairProducts, 3, 5, 7>();
        }
    });
    return taken / (4.0 * steps);
}

/// Returns the root mean square error of the first pixels compared with sums in double precision.
double error_of(const float* output, const std::vector<float>& pixels,
                const std::vector<float>& weights, const Shape& shape) {
    constexpr std::size_t count = 64;
    double sum = 0;
    for (std::size_t pixel = 0; pixel < count; ++pixel) {
        for (std::size_t channel = 0; channel < shape.outputs; ++channel) {
            double exact = 0;
            for (std::size_t input = 0; input < shape.inputs; ++input) {
                exact += static_cast<double>(pixels[pixel * shape.inputs + input]) *
                         weights[channel * shape.inputs + input];
            }
            const double error = output[pixel * shape.outputs + channel] - exact;
            sum += error * error;
        }
    }
    return std::sqrt(sum / static_cast<double>(count * shape.outputs));
}

/// Seconds.
struct Round {
    double product;
    double loaded_product;
    double vectors;
    double splitting;
    double matrices;
};

void print(const char* name, const std::vector<Round>& rounds,
           const std::function<double(const Round&)>& value) {
    std::vector<double> values;
    values.reserve(rounds.size());
    for (const auto& round : rounds) {
        values.push_back(value(round));
    }
    std::sort(values.begin(), values.end());
    std::printf("  %-36s %7.2f  (%.2f to %.2f)\n", name, values[values.size() / 2],
                values[values.size() / 4], values[values.size() * 3 / 4]);
}

/// Compares both ways for one shape.
class Comparison {
public:
    explicit Comparison(const Shape& shape)
        : shape_(shape),
          pixels_(numbers(shape.pixels * shape.inputs)),
          weights_(numbers(shape.outputs * shape.inputs)),
          convolution_(kernels_, {}, weights_, std::vector<float>(shape.outputs), Activation::none,
                       Convolution::Method::direct),
          packed_(split_weights(*kernels_.bfloat16, weights_, shape)),
          split_pixels_(shape.pixels * shape.inputs * pieces / 2),
          output_(shape.pixels * shape.outputs) {}

    /// @return whether the sums of AMX are as close to float64 as those of AVX-512
    bool compare() {
        multiply_vectors();
        const double vectors = error_of(output_.data(), pixels_, weights_, shape_);
        split_input();
        multiply_matrices();
        const double matrices = error_of(output_.data(), pixels_, weights_, shape_);
        std::printf("%4zu channels: AVX-512 %.2e, AMX %.2e from float64\n", shape_.inputs, vectors,
                    matrices);
        return matrices <= vectors;
    }

    void add_round() {
        rounds_.push_back({.product = product_time<false>(split_pixels_.data()),
                           .loaded_product = product_time<true>(split_pixels_.data()),
                           .vectors = seconds([&] { multiply_vectors(); }),
                           .splitting = seconds([&] { split_input(); }),
                           .matrices = seconds([&] { multiply_matrices(); })});
    }

    /// Prints medians and quartiles.
    void print_rounds() const {
        const double gigaflops = shape_.flops() * 1e-9;
        std::printf("%zu to %zu channels, %zu pixels\n", shape_.inputs, shape_.outputs,
                    shape_.pixels);
        print("product in registers, ns", rounds_, [](auto& r) { return r.product * 1e9; });
        print("product and half a load, ns", rounds_,
              [](auto& r) { return r.loaded_product * 1e9; });
        print("AVX-512, GFLOP/s", rounds_, [&](auto& r) { return gigaflops / r.vectors; });
        print("AMX, GFLOP/s", rounds_, [&](auto& r) { return gigaflops / r.matrices; });
        print("AMX, times AVX-512", rounds_, [](auto& r) { return r.vectors / r.matrices; });
        print("AMX with splitting, times AVX-512", rounds_,
              [](auto& r) { return r.vectors / (r.matrices + r.splitting); });
    }

private:
    void multiply_vectors() {
        const std::vector<ConstPicture> inputs{
            picture(std::as_const(pixels_).data(), PictureSize{1, 1, shape_.pixels, shape_.inputs},
                    shape_.inputs)};
        convolution_.run({kernels_, pool_, shared_, converted_}, inputs,
                         picture(output_.data(), PictureSize{1, 1, shape_.pixels, shape_.outputs},
                                 shape_.outputs));
    }
    void split_input() { split(pixels_.data(), shape_, split_pixels_.data()); }
    void multiply_matrices() { multiply(split_pixels_.data(), packed_, shape_, output_.data()); }

    const Kernels& kernels_ = find_kernel_set("amx", speciesnet::Precision::bfloat16)->table();
    Shape shape_;
    std::vector<float> pixels_;
    std::vector<float> weights_;  ///< [outputs][inputs]
    Convolution convolution_;
    std::vector<MatrixWeights> packed_;
    Memory split_pixels_;
    Memory output_;
    ThreadPool pool_{1};
    Memory shared_;
    Memory converted_;
    std::vector<Round> rounds_;
};

}  // namespace

int main(int count, char** arguments) {
    if (!obtain_amx()) {
        std::fprintf(stderr, "split_products: this CPU or operating system has no AMX\n");
        return 1;
    }
    const int rounds = count > 1 ? std::max(std::atoi(arguments[1]), 1) : 30;
    std::deque<Comparison> comparisons;
    for (const Shape& shape : {Shape{160, 160, 1920}, Shape{320, 320, 960}, Shape{640, 640, 480}}) {
        comparisons.emplace_back(shape);
        if (!comparisons.back().compare()) {
            std::fprintf(stderr, "split_products: the sums of AMX are farther from float64\n");
            return 1;
        }
    }
    for (int round = 0; round < rounds; ++round) {
        for (auto& comparison : comparisons) {
            comparison.add_round();
        }
        // The load of the shared core varies within seconds.
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    for (const auto& comparison : comparisons) {
        comparison.print_rounds();
    }
    return 0;
}
