// SPDX-License-Identifier: Apache-2.0
// The inner loops of the executor: one table of functions for each instruction set. All values are
// float32 unless a kernel states another type. Feature maps are [image][row][column][channel], and
// a vector is `width` channels.
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

/// The tiles of one call of a kernel.
struct TileShape {
    int most_vectors = 0;  ///< Maximum vectors of output channels.
    /// Maximum pixels for each number of vectors, limited by the registers.
    std::array<int, 6> rows{};
};

inline constexpr std::size_t most_tile_rows = 32;

/// How sums are written: activation(sum), then the residual is added.
struct Epilogue {
    Activation activation = Activation::none;
    const float* residual = nullptr;  ///< First pixel; null for no residual.
    std::size_t residual_stride = 0;  ///< Between pixels.
    float* output = nullptr;          ///< First pixel.
    std::size_t output_stride = 0;    ///< Between pixels.
    /// Set if residual and output are bytes, which only the kernels for bytes support.
    ByteScales residual_scales = {};
    ByteScales output_scales = {};
};

/// Some output pixels by some vectors of output channels.
struct ConvolutionTile {
    int tile_rows = 0;  ///< Pixels of the tile.
    int vectors = 0;    ///< Vectors of output channels.
    /// For each tap, `tile_rows` pointers to `channels` values.
    const float* const* rows = nullptr;
    std::size_t taps = 0;
    std::size_t channels = 0;
    const float* weights = nullptr;  ///< For each tap, [channels][vectors × width].
    std::size_t tap_stride = 0;      ///< Between the weights of two taps.
    const float* bias = nullptr;     ///< [vectors × width]; null means 0.
    /// For sums of bytes only: the result is sum × scale + shift; [vectors × width].
    const float* scale = nullptr;
    const float* shift = nullptr;
    /// [tile_rows][vectors × width]: partial sums. Read unless this call is the first, and written
    /// unless it is the last.
    float* sums = nullptr;
    bool first = true;
    bool last = true;
    std::size_t valid_rows = 0;      ///< Pixels to write.
    std::size_t valid_channels = 0;  ///< Channels to write.
    Epilogue epilogue;
};

/// Pixels of a depthwise convolution, with all channels.
struct DepthwiseTile {
    const float* const* rows = nullptr;  ///< For each tap, row_count pointers.
    std::size_t row_count = 0;           ///< depthwise_rows, unless a kernel supports others.
    std::size_t taps = 0;
    std::size_t channels = 0;
    const float* weights = nullptr;  ///< [taps][channels rounded up to vectors].
    const float* bias = nullptr;
    std::size_t valid_rows = 0;
    Epilogue epilogue;
};

inline constexpr int depthwise_rows = 4;

/// Sizes of the tiles of the Winograd kernels.
inline constexpr int winograd_tile = 4;     ///< Output pixels along a side.
inline constexpr int winograd_patch = 6;    ///< Input pixels along a side.
inline constexpr int winograd_points = 36;  ///< winograd_patch squared.

/// The pixels of a PixelRun, the groups of channels in a block of them, and the channels of a
/// vector.
inline constexpr std::size_t matrix_side = 16;
/// Floats of a block of weights for one vector of output channels.
inline constexpr std::size_t matrix_block = matrix_side * matrix_side;

/// Sixteen pixels in memory with a common stride.
struct PixelRun {
    const float* first = nullptr;
    std::ptrdiff_t stride = 0;  ///< Between pixels; 0 if all are the same pixel.
};

/// A product of two matrices of bfloat16 values or bytes: pixels of a feature map by weights. A
/// group is the channels that share a float.
struct MatrixProduct {
    const PixelRun* runs = nullptr;  ///< [run_count][taps]
    std::size_t run_count = 0;
    std::size_t taps = 0;
    std::size_t blocks = 0;      ///< Blocks of sixteen groups of channels in a tap.
    std::size_t last_block = 0;  ///< Offset of the last block in a pixel; others are contiguous.
    /// For each panel of two vectors of output channels (the last one may have one):
    /// [taps][blocks][vectors][sixteen groups of input channels][sixteen output channels].
    const float* weights = nullptr;
    /// The weights of the next call; null if unknown.
    const float* next_weights = nullptr;
    std::size_t next_weights_count = 0;
    /// For sums of bytes only: the result is sum × scale + bias. Padded to whole vectors.
    const float* scale = nullptr;
    const float* bias = nullptr;  ///< Padded to whole vectors.
    std::size_t pixels = 0;       ///< Pixels to write; the runs may contain a few more.
    std::size_t channels = 0;     ///< Channels to write.
    /// The length of the output's rows in pixels of the runs. Pixels from `row_pixels` on are not
    /// written.
    std::size_t row_length = SIZE_MAX;
    std::size_t row_pixels = SIZE_MAX;
    std::size_t first_column = 0;       ///< Column of the first pixel.
    std::size_t output_row_stride = 0;  ///< Between rows, in floats.
    std::size_t residual_row_stride = 0;
    Element element = Element::float32;  ///< Of the output and the residual.
    Epilogue epilogue;
    float* sums = nullptr;  ///< Working memory: matrix_product_sums floats.
};

inline constexpr std::size_t matrix_panel = 2 * matrix_side;  ///< Output channels of a panel.
inline constexpr std::size_t matrix_product_sums = 2 * 4 * matrix_block;

/// Pixels of bytes with a common stride.
template <typename Number>
struct ByteRow {
    Number* pixels = nullptr;
    std::size_t stride = 0;  ///< Between pixels.
    std::size_t count = 0;
    std::size_t channels = 0;
    ByteScales scales;
};

/// Convolutions of bytes. Kernels treat four bytes of contiguous channels as one float. Bytes are
/// signed in weights; least_byte defines those of feature maps. Sums are 32-bit integers.
struct Int8Kernels {
    static constexpr std::size_t group = 4;
    TileShape tiles;
    float least_byte = 0;  ///< In feature maps: 0, or -128 if the CPU multiplies signed bytes.
    /// Whether convolutions use multiply() instead of convolve(), and the layout of its weights.
    bool multiplies_matrices = false;
    /// Supports residuals and outputs of float32 or bytes, as the epilogue defines.
    void (*convolve)(const ConvolutionTile& tile) = nullptr;
    void (*multiply)(const MatrixProduct& product) = nullptr;
    /// Extends a range so that it contains the values.
    void (*widen_range)(const float* numbers, std::size_t count, float& least,
                        float& most) = nullptr;
    /// Computes value / scale + zero point, rounds it, and clamps it to the range of a byte. Pads
    /// the last four bytes with 0.
    void (*quantize)(const float* numbers, std::size_t count, const ByteScales& scales,
                     float* fours) = nullptr;
    void (*widen)(const float* fours, std::size_t count, const ByteScales& scales,
                  float* numbers) = nullptr;
    /// Like Kernels::finish_pixel, for a residual and an output of bytes.
    void (*finish_pixel)(const float* sums, const float* bias, std::size_t channels,
                         const Epilogue& epilogue) = nullptr;
    /// Like Kernels::depthwise, for any number of pixels. All feature maps are of bytes. The result
    /// is the sum of weight × byte, plus bias: both include the scales of the input.
    void (*depthwise)(const DepthwiseTile& tile) = nullptr;
    /// Computes sums[channel] += byte for each pixel.
    void (*add_pixels)(const float* pixels, std::size_t stride, std::size_t count,
                       std::size_t channels, float* sums) = nullptr;
    /// Computes output[channel] = input[channel] × scale[channel] for each pixel.
    void (*scale_pixels)(const ByteRow<const float>& input, const float* scale,
                         const ByteRow<float>& output) = nullptr;
};

/// Kernels for bfloat16 feature maps, in which two contiguous channels share a float. Sums are
/// float32.
struct Bfloat16Kernels {
    static constexpr std::size_t group = 2;
    bool is_faster_than_winograd = false;  ///< Compared with float32 products.
    void (*multiply)(const MatrixProduct& product) = nullptr;
    /// Rounds to nearest, ties to even; pads the last pair with 0.
    void (*round)(const float* numbers, std::size_t count, float* pairs) = nullptr;
    void (*widen)(const float* pairs, std::size_t count, float* numbers) = nullptr;
    /// Like the kernels of these names in Kernels, for pixels, residuals and outputs of bfloat16.
    /// Weights, bias, sums and scale are float32. `depthwise` supports any number of pixels.
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
    /// Computes maximum[channel] = max(maximum[channel], pixel[channel]).
    void (*keep_maximum)(const float* pixel, std::size_t channels, float* maximum) = nullptr;
};

struct Kernels {
    std::size_t width = 0;  ///< Floats in a vector.
    TileShape tiles;

    void (*convolve)(const ConvolutionTile& tile) = nullptr;
    void (*depthwise)(const DepthwiseTile& tile) = nullptr;

    /// Transforms 36 pixels of a patch (null for 0) to 36 values, `stride` floats apart.
    void (*winograd_input)(const float* const* pixels, std::size_t channels, float* values,
                           std::size_t stride) = nullptr;
    /// Transforms nine taps of one vector of output channels, `tap_stride` floats apart, to 36
    /// values.
    void (*winograd_weights)(const float* taps, std::size_t tap_stride, float* values,
                             std::size_t stride) = nullptr;
    /// Transforms 36 sums, `stride` floats apart, to 16 pixels of one vector of channels:
    /// [16][width].
    void (*winograd_output)(const float* sums, std::size_t stride, float* pixels) = nullptr;
    /// Writes one pixel with any number of channels, for operations that are not fused.
    void (*finish_pixel)(const float* sums, const float* bias, std::size_t channels,
                         const Epilogue& epilogue) = nullptr;

    /// Computes sums[channel] += pixel[channel] for each pixel.
    void (*add_pixels)(const float* pixels, std::size_t stride, std::size_t count,
                       std::size_t channels, float* sums) = nullptr;
    /// Computes output[channel] = pixel[channel] × scale[channel] for each pixel.
    void (*scale_pixels)(const float* pixels, std::size_t stride, std::size_t count,
                         std::size_t channels, const float* scale, float* output,
                         std::size_t output_stride) = nullptr;

    /// Computes numbers[i] = e^numbers[i] / Σ e^number for at least one value.
    void (*softmax)(float* numbers, std::size_t count) = nullptr;

    const Int8Kernels* int8 = nullptr;          ///< Null if the CPU has none.
    const Bfloat16Kernels* bfloat16 = nullptr;  ///< Null if the CPU has none.
};

/// Returns whether feature maps of an element type are framed (picture.hpp), because convolutions
/// read them as matrices.
inline bool has_frames(const Kernels& kernels, Element element) {
    return element == Element::bfloat16 ||
           (element == Element::byte && kernels.int8->multiplies_matrices);
}

/// Kernels for one precision, and their requirements.
struct KernelSet {
    std::string_view name;  ///< Instructions: "portable", "avx2", "avx512", "amx", "neon".
    Precision precision;    ///< Not automatic.
    /// Returns whether the CPU has the instructions and the operating system saves their registers.
    /// The first call for "amx" requests the registers from the operating system if the CPU has
    /// them. Signals need larger stacks from then on, so only call it if the kernels are to be
    /// used.
    bool (*supported)();
    /// Requires support, because code with these instructions creates the table.
    const Kernels& (*table)();
    /// A table that defines only the layout of weights, for compiling on another CPU. It has no
    /// kernels.
    const Kernels& layout;
};

/// Returns all sets, including those of other CPU families: for each precision, from the plainest
/// to the fastest. The first one runs on every CPU.
std::span<const KernelSet> kernel_sets();

/// Returns plain loops over bytes, for any CPU. They are slower than float32, so kernel_sets() does
/// not contain them and nothing chooses them. Tests use them as a reference.
const KernelSet& plain_int8_kernels();

/// Returns the fastest set of this CPU for a precision; null if there is none.
const KernelSet* best_kernel_set(Precision precision);

/// Returns the set of Precision::automatic: the fastest one for bfloat16 if this CPU multiplies
/// bfloat16 at least as fast as float32, otherwise the fastest one for float32.
const KernelSet* automatic_kernel_set();

/// Returns a set by name, also if this CPU does not support it; null if there is none.
const KernelSet* find_kernel_set(std::string_view name, Precision precision);

}  // namespace speciesnet::executor
