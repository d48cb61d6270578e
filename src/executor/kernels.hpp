// SPDX-License-Identifier: Apache-2.0
// The inner loops of the executor: one table of functions per instruction set. All numbers are
// float32 unless a kernel says otherwise, pictures are [image][row][column][channel], and a vector
// is `width` channels.
#pragma once

#include "speciesnet/inference.hpp"

#include "executor/byte_scales.hpp"
#include "executor/element.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace speciesnet::executor {

enum class Activation : std::int32_t { none, relu, silu, sigmoid };

/// How much one call of a kernel computes.
struct TileShape {
    int most_vectors = 0;  ///< Of output channels.
    /// Pixels for each number of vectors, as many as the registers hold.
    std::array<int, 6> rows{};
};

inline constexpr std::size_t most_tile_rows = 32;

/// What happens to sums before they are written: activation(sum), then the residual is added.
struct Epilogue {
    Activation activation = Activation::none;
    const float* residual = nullptr;  ///< Of the first pixel; nothing is added if null.
    std::size_t residual_stride = 0;  ///< From pixel to pixel.
    float* output = nullptr;          ///< Of the first pixel.
    std::size_t output_stride = 0;    ///< From pixel to pixel.
    /// Set if residual and output are bytes, which only the kernels for bytes take.
    ByteScales residual_scales = {};
    ByteScales output_scales = {};
};

/// A few output pixels by a few vectors of output channels.
struct ConvolutionTile {
    int tile_rows = 0;  ///< Pixels of the tile.
    int vectors = 0;    ///< Vectors of output channels.
    /// For each tap, `tile_rows` pointers to `channels` numbers.
    const float* const* rows = nullptr;
    std::size_t taps = 0;
    std::size_t channels = 0;
    const float* weights = nullptr;  ///< For each tap [channels][vectors × width].
    std::size_t tap_stride = 0;      ///< From one tap's weights to the next one's.
    const float* bias = nullptr;     ///< [vectors × width]; null means 0.
    /// Sums of bytes only: what turns them into numbers, sum × scale + shift; [vectors × width].
    const float* scale = nullptr;
    const float* shift = nullptr;
    /// [tile_rows][vectors × width]: sums over what earlier calls have seen, unless this is the
    /// first, and for later calls, unless this is the last.
    float* sums = nullptr;
    bool first = true;
    bool last = true;
    std::size_t valid_rows = 0;      ///< Pixels to write.
    std::size_t valid_channels = 0;  ///< Channels to write.
    Epilogue epilogue;
};

/// Convolutions of bytes. What the kernels take for a float are four of them, of four channels that
/// follow each other: signed ones in weights, and in pictures as least_byte says; sums are 32-bit
/// integers.
struct Int8Kernels {
    static constexpr std::size_t group = 4;
    TileShape tiles;
    float least_byte = 0;  ///< Of pictures: 0, or -128 where the CPU multiplies signed bytes.
    /// Residuals and outputs are float32 or bytes, as the epilogue says.
    void (*convolve)(const ConvolutionTile& tile) = nullptr;
    /// Widens a range of numbers to those that are seen.
    void (*widen_range)(const float* numbers, std::size_t count, float& least,
                        float& most) = nullptr;
    /// number / scale + zero, rounded, from the least byte to the largest; the last four are filled
    /// up with 0.
    void (*quantize)(const float* numbers, std::size_t count, const ByteScales& scales,
                     float* fours) = nullptr;
    void (*widen)(const float* fours, std::size_t count, const ByteScales& scales,
                  float* numbers) = nullptr;
    /// As Kernels::finish_pixel, for a residual and an output of bytes.
    void (*finish_pixel)(const float* sums, const float* bias, std::size_t channels,
                         const Epilogue& epilogue) = nullptr;
};

/// Pixels of a depthwise convolution, all channels.
struct DepthwiseTile {
    const float* const* rows = nullptr;  ///< For each tap, row_count pointers.
    std::size_t row_count = 0;           ///< depthwise_rows unless a kernel says otherwise.
    std::size_t taps = 0;
    std::size_t channels = 0;
    const float* weights = nullptr;  ///< [taps][channels rounded up to vectors].
    const float* bias = nullptr;
    std::size_t valid_rows = 0;
    Epilogue epilogue;
};

inline constexpr int depthwise_rows = 4;

/// Rows of a tile of pictures, for the Winograd kernels.
inline constexpr int winograd_tile = 4;     ///< Output pixels along a side.
inline constexpr int winograd_patch = 6;    ///< Input pixels along a side.
inline constexpr int winograd_points = 36;  ///< winograd_patch squared.

/// Pixels of a PixelRun, pairs of channels in a block of them, and channels of a vector.
inline constexpr std::size_t matrix_side = 16;
/// Floats of a block of weights, for one vector of output channels.
inline constexpr std::size_t matrix_block = matrix_side * matrix_side;

/// Sixteen pixels in memory, equally far from each other.
struct PixelRun {
    const float* first = nullptr;
    std::ptrdiff_t stride = 0;  ///< From pixel to pixel; 0 if all are the same.
};

/// A product of two matrices of bfloat16 numbers: pixels of a picture by weights.
struct MatrixProduct {
    const PixelRun* runs = nullptr;  ///< [run_count][taps]
    std::size_t run_count = 0;
    std::size_t taps = 0;
    std::size_t blocks = 0;      ///< Blocks of sixteen pairs of channels that a tap has.
    std::size_t last_block = 0;  ///< Where in a pixel the last block begins; the others are dense.
    /// For each panel of two vectors of output channels, the last one perhaps of one:
    /// [taps][blocks][vectors][sixteen pairs of input channels][sixteen output channels]
    const float* weights = nullptr;
    /// Those that will be used next; null if unknown.
    const float* next_weights = nullptr;
    std::size_t next_weights_count = 0;
    const float* bias = nullptr;  ///< Filled up to whole vectors.
    std::size_t pixels = 0;       ///< To write; the runs may have a few more.
    std::size_t channels = 0;     ///< To write.
    /// Of the output's rows, in pixels of the runs: what lies beyond `row_pixels` is not written.
    std::size_t row_length = SIZE_MAX;
    std::size_t row_pixels = SIZE_MAX;
    std::size_t first_column = 0;       ///< Where in its row the first pixel is.
    std::size_t output_row_stride = 0;  ///< In floats, from row to row.
    std::size_t residual_row_stride = 0;
    Element element = Element::float32;  ///< Of output and residual.
    Epilogue epilogue;
    float* sums = nullptr;  ///< Working memory: matrix_product_sums floats.
};

inline constexpr std::size_t matrix_panel = 2 * matrix_side;  ///< Output channels of a panel.
inline constexpr std::size_t matrix_product_sums = 2 * 4 * matrix_block;

/// On pictures of bfloat16 numbers, of which two channels that follow each other take the place of
/// a float; sums are float32.
struct Bfloat16Kernels {
    static constexpr std::size_t group = 2;
    bool is_faster_than_winograd = false;  ///< Than Winograd's method with float32 products.
    void (*multiply)(const MatrixProduct& product) = nullptr;
    /// Rounds to nearest, ties to even; the last pair is filled up with 0.
    void (*round)(const float* numbers, std::size_t count, float* pairs) = nullptr;
    void (*widen)(const float* pairs, std::size_t count, float* numbers) = nullptr;
    /// As the kernels of these names in Kernels, on pixels, residuals and outputs of bfloat16
    /// numbers; weights, bias, sums and scale are float32.
    /// Of any number of pixels.
    void (*depthwise)(const DepthwiseTile& tile) = nullptr;
    void (*winograd_input)(const float* const* pixels, std::size_t channels, float* values,
                           std::size_t stride) = nullptr;
    void (*finish_pixel)(const float* pixel, const float* bias, std::size_t channels,
                         const Epilogue& epilogue) = nullptr;
    /// The same for float32 sums.
    void (*finish_sums)(const float* sums, const float* bias, std::size_t channels,
                        const Epilogue& epilogue) = nullptr;
    void (*add_pixels)(const float* pixels, std::size_t stride, std::size_t count,
                       std::size_t channels, float* sums) = nullptr;
    void (*scale_pixels)(const float* pixels, std::size_t stride, std::size_t count,
                         std::size_t channels, const float* scale, float* output,
                         std::size_t output_stride) = nullptr;
    /// maximum[channel] = the larger of both.
    void (*keep_maximum)(const float* pixel, std::size_t channels, float* maximum) = nullptr;
};

struct Kernels {
    std::size_t width = 0;  ///< Floats per vector.
    TileShape tiles;

    void (*convolve)(const ConvolutionTile& tile) = nullptr;
    void (*depthwise)(const DepthwiseTile& tile) = nullptr;

    /// 36 patch pixels (null is 0) to 36 values, `stride` floats apart.
    void (*winograd_input)(const float* const* pixels, std::size_t channels, float* values,
                           std::size_t stride) = nullptr;
    /// The nine taps of one vector of output channels, `tap_stride` floats apart, to 36 values.
    void (*winograd_weights)(const float* taps, std::size_t tap_stride, float* values,
                             std::size_t stride) = nullptr;
    /// 36 sums, `stride` floats apart, to 16 pixels of one vector of channels: [16][width].
    void (*winograd_output)(const float* sums, std::size_t stride, float* pixels) = nullptr;
    /// One pixel, any number of channels; for what no convolution is fused with.
    void (*finish_pixel)(const float* sums, const float* bias, std::size_t channels,
                         const Epilogue& epilogue) = nullptr;

    /// sums[channel] += pixel[channel] for each of the pixels.
    void (*add_pixels)(const float* pixels, std::size_t stride, std::size_t count,
                       std::size_t channels, float* sums) = nullptr;
    /// output[channel] = pixel[channel] × scale[channel] for each of the pixels.
    void (*scale_pixels)(const float* pixels, std::size_t stride, std::size_t count,
                         std::size_t channels, const float* scale, float* output,
                         std::size_t output_stride) = nullptr;

    /// numbers[i] = e^numbers[i] / Σ e^number, of at least one number.
    void (*softmax)(float* numbers, std::size_t count) = nullptr;

    const Int8Kernels* int8 = nullptr;          ///< Null where the CPU has none.
    const Bfloat16Kernels* bfloat16 = nullptr;  ///< Null where the CPU has none.
};

/// Kernels for one precision, and what they need.
struct KernelSet {
    std::string_view name;  ///< Of the instructions: "portable", "avx2", "avx512", "amx", "neon".
    Precision precision;    ///< Not automatic.
    /// Whether the CPU has the instructions and the operating system saves their registers. The
    /// first call for "amx" asks the operating system for its registers where the CPU has them:
    /// signals then need larger stacks, so nobody should have to bear it who does not use them.
    bool (*supported)();
    /// To be called only if they are supported: tables are made by code for their own instructions.
    const Kernels& (*table)();
    /// The order of weights, for compiling on another CPU: a table of which only that is filled in
    /// on which packing depends, and no kernel is there to run.
    const Kernels& layout;
};

/// All that there are, also of other families of CPUs: for each precision, from the plainest to the
/// fastest. The first one runs on every CPU.
std::span<const KernelSet> kernel_sets();

/// Plain loops over bytes, for any CPU. They are slower than float32, so they are none of
/// kernel_sets() and nothing chooses them: tests compare the others with them.
const KernelSet& plain_int8_kernels();

/// The fastest that this CPU has for a precision; null if it has none.
const KernelSet* best_kernel_set(Precision precision);

/// One by its name, whether this CPU has it or not; null if there is none.
const KernelSet* find_kernel_set(std::string_view name, Precision precision);

}  // namespace speciesnet::executor
