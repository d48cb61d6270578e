// SPDX-License-Identifier: Apache-2.0
// Weights, or as many panels of them as fit into the second-level cache, stay there while pixels go
// by.
#include "executor/matrix_convolution.hpp"

#include <algorithm>
#include <array>

namespace speciesnet::executor {
namespace {

/// Of a block's input: a part of a second-level cache.
constexpr std::size_t block_bytes = std::size_t{768} << 10U;
constexpr std::size_t most_block_pixels = 2048;
/// Of weights that go by each tile: they stay in a second-level cache.
constexpr std::size_t group_floats = std::size_t{160} << 10U;
/// A whole number of tiles of any kernel.
constexpr std::size_t tile_pixels = 2 * matrix_side;

/// [output channels][pairs of input channels][taps]
std::vector<float> rounded(const Bfloat16Kernels& kernels, std::span<const float> weights,
                           std::size_t outputs, std::size_t inputs, std::size_t taps) {
    const std::size_t pairs = floats_of(Element::bfloat16, inputs);
    std::vector<float> result(outputs * pairs * taps);
    std::vector<float> numbers(inputs);
    std::vector<float> row(pairs);
    for (std::size_t output = 0; output < outputs; ++output) {
        for (std::size_t tap = 0; tap < taps; ++tap) {
            for (std::size_t input = 0; input < inputs; ++input) {
                numbers[input] = weights[(output * inputs + input) * taps + tap];
            }
            kernels.round(numbers.data(), inputs, row.data());
            for (std::size_t pair = 0; pair < pairs; ++pair) {
                result[(output * pairs + pair) * taps + tap] = row[pair];
            }
        }
    }
    return result;
}

}  // namespace

PairWeights::PairWeights(const Bfloat16Kernels& kernels, std::span<const float> weights,
                         std::size_t outputs, std::size_t inputs, std::size_t taps)
    : outputs_(outputs),
      inputs_(inputs),
      taps_(taps),
      pairs_(floats_of(Element::bfloat16, inputs)),
      blocks_(((is_gathered() ? taps * pairs_ : pairs_) + matrix_side - 1) / matrix_side) {
    const auto pairs = rounded(kernels, weights, outputs, inputs, taps);
    Memory packed(size());
    std::fill_n(packed.data(), packed.size(), 0.0F);
    float* to = packed.data();
    for (std::size_t first = 0; first < outputs; first += matrix_panel) {
        const std::size_t channels = std::min(matrix_panel, outputs - first);
        const std::size_t vectors = channels > matrix_side ? 2 : 1;
        for (std::size_t tap = 0; tap < product_taps(); ++tap) {
            for (std::size_t block = 0; block < blocks_; ++block, to += vectors * matrix_block) {
                pack(pairs.data() + first * pairs_ * taps, channels, tap, block, to);
            }
        }
    }
    data_ = Numbers(std::move(packed));
}

void PairWeights::pack(const float* pairs, std::size_t channels, std::size_t tap, std::size_t block,
                       float* to) const {
    // A last block that is not full begins earlier: what the block before has seen is left 0.
    const std::size_t begin = block * matrix_side;
    const std::size_t seen = block + 1 == blocks_ ? begin - last_block() : 0;
    const std::size_t count = is_gathered() ? taps_ * pairs_ : pairs_;
    for (std::size_t row = seen; row < matrix_side && begin - seen + row < count; ++row) {
        const std::size_t pair = begin - seen + row;
        const std::size_t from =
            is_gathered() ? pair % pairs_ * taps_ + pair / pairs_ : pair * taps_ + tap;
        for (std::size_t column = 0; column < channels; ++column) {
            to[column / matrix_side * matrix_block + row * matrix_side + column % matrix_side] =
                pairs[column * pairs_ * taps_ + from];
        }
    }
}

PairWeights::PairWeights(RecordReader& record, std::size_t outputs, std::size_t inputs,
                         std::size_t taps)
    : outputs_(outputs),
      inputs_(inputs),
      taps_(taps),
      pairs_(floats_of(Element::bfloat16, inputs)),
      blocks_(((is_gathered() ? taps * pairs_ : pairs_) + matrix_side - 1) / matrix_side),
      data_(record.numbers({size()})) {}

std::size_t PairWeights::size() const noexcept {
    const std::size_t vectors = (outputs_ + matrix_side - 1) / matrix_side;
    return vectors * product_taps() * blocks_ * matrix_block;
}

std::span<const float> PairWeights::panels(std::size_t first, std::size_t end) const noexcept {
    const auto numbers = data_.span();
    const std::size_t begin = std::min(first * panel_size(), numbers.size());
    return numbers.subspan(begin, std::min(end * panel_size(), numbers.size()) - begin);
}

std::size_t PairWeights::last_block() const noexcept {
    return is_gathered() ? (blocks_ - 1) * matrix_side : pairs_ - matrix_side;
}

MatrixConvolution::MatrixConvolution(const Execution& execution, const MatrixTask& task)
    : execution_(execution),
      task_(task),
      geometry_(task.geometry),
      input_(task.input),
      output_(task.output.size),
      zeros_(std::max(task.weights.pairs(), matrix_side)) {
    // Pixels that are looked at one by one are one long row, unless there are gaps between rows.
    const bool is_plain = geometry_.taps() == 1 && geometry_.stride_height == 1 &&
                          geometry_.stride_width == 1 && input_.size.pixels() == output_.pixels();
    if (is_plain && input_.row_stride == input_.size.width * input_.pixel_stride &&
        input_.image_stride == input_.size.height * input_.row_stride) {
        output_.width = output_.pixels();
        output_.height = 1;
        output_.images = 1;
        input_.size.width = output_.width;
        input_.size.height = 1;
        input_.size.images = 1;
    }
}

void MatrixConvolution::run() const {
    const std::size_t pixels = output_.pixels();
    const std::size_t panels = task_.weights.panels();
    const std::size_t pixel_bytes =
        sizeof(float) *
        (task_.weights.is_gathered()
             ? task_.weights.blocks() * matrix_side
             : task_.weights.pairs() * geometry_.stride_height * geometry_.stride_width);
    const std::size_t most = std::clamp(block_bytes / pixel_bytes, tile_pixels, most_block_pixels);
    // As many blocks as there are threads, or a few times as many, end at the same time.
    const std::size_t threads = execution_.pool.threads();
    std::size_t blocks = (pixels + most - 1) / most;
    if (blocks > threads) {
        blocks = std::max((blocks + threads - 1) / threads, std::size_t{4}) * threads;
    }
    const std::size_t block =
        ((pixels + blocks - 1) / blocks + tile_pixels - 1) / tile_pixels * tile_pixels;
    blocks = (pixels + block - 1) / block;
    // With few pixels, threads also share the panels.
    const std::size_t wanted = 4 * threads;
    const std::size_t groups = std::clamp<std::size_t>((wanted + blocks - 1) / blocks, 1, panels);
    execution_.pool.run(blocks * groups, [&](std::size_t item, std::size_t thread) {
        const std::size_t first = item / groups * block;
        const std::size_t group = item % groups;
        compute(first, std::min(pixels, first + block), group * panels / groups,
                (group + 1) * panels / groups, thread);
    });
}

void MatrixConvolution::compute(std::size_t first, std::size_t end, std::size_t first_panel,
                                std::size_t end_panel, std::size_t thread) const {
    const auto& weights = task_.weights;
    const std::size_t runs = (end - first + matrix_side - 1) / matrix_side;
    const std::size_t taps = weights.product_taps();
    const std::size_t run_floats =
        matrix_side * (weights.is_gathered() ? weights.blocks() * matrix_side : weights.pairs());
    constexpr std::size_t floats_per_run = sizeof(PixelRun) / sizeof(float);
    float* const scratch = execution_.pool.scratch(
        thread, matrix_product_sums + runs * taps * (floats_per_run + run_floats));
    auto* const table = reinterpret_cast<PixelRun*>(scratch + matrix_product_sums);
    float* copies = scratch + matrix_product_sums + runs * taps * floats_per_run;
    for (std::size_t run = 0; run < runs; ++run) {
        const std::size_t pixel = first + run * matrix_side;
        for (std::size_t tap = 0; tap < taps; ++tap) {
            table[run * taps + tap] = weights.is_gathered() ? gathered(pixel, end, copies)
                                                            : run_of(pixel, end, tap, copies);
        }
    }
    const auto& output = task_.output;
    const std::size_t panels_per_group =
        std::max<std::size_t>(1, group_floats / weights.panel_size());
    for (std::size_t panel = first_panel; panel < end_panel; panel += panels_per_group) {
        const std::size_t channel = panel * matrix_panel;
        const std::size_t end_channel = std::min(
            std::min(end_panel, panel + panels_per_group) * matrix_panel, weights.outputs());
        const std::size_t next_panel = panel + panels_per_group;
        const auto next = weights.panels(next_panel, next_panel + panels_per_group);
        const auto place = [&](const auto& picture) {
            return picture.data + first * picture.pixel_stride +
                   floats_of(picture.size.element, channel);
        };
        execution_.kernels.bfloat16->multiply(
            {.runs = table,
             .run_count = runs,
             .taps = taps,
             .blocks = weights.blocks(),
             .last_block = weights.last_block(),
             .weights = weights.panels(panel, panel + panels_per_group).data(),
             .next_weights = next.data(),
             .next_weights_count = next.size(),
             .bias = task_.bias + channel,
             .pixels = end - first,
             .channels = end_channel - channel,
             .element = output.size.element,
             .epilogue = {.activation = task_.activation,
                          .residual = task_.residual == nullptr ? nullptr : place(*task_.residual),
                          .residual_stride =
                              task_.residual == nullptr ? 0 : task_.residual->pixel_stride,
                          .output = place(output),
                          .output_stride = output.pixel_stride},
             .sums = scratch});
    }
}

PixelRun MatrixConvolution::run_of(std::size_t first, std::size_t end, std::size_t tap,
                                   float*& copies) const {
    const std::size_t column = first % output_.width;
    if (first + matrix_side > end || column + matrix_side > output_.width) {
        return copied(first, end, tap, copies);
    }
    const std::size_t row = first / output_.width % output_.height;
    const std::size_t image = first / output_.width / output_.height;
    // Positions in front of the picture become very large numbers.
    const std::size_t input_row = row * geometry_.stride_height +
                                  tap / geometry_.kernel_width * geometry_.dilation_height -
                                  geometry_.pad_top;
    if (input_row >= input_.size.height) {
        return {zeros_.data(), 0};
    }
    const std::size_t left = column * geometry_.stride_width +
                             tap % geometry_.kernel_width * geometry_.dilation_width -
                             geometry_.pad_left;
    const std::size_t right = left + (matrix_side - 1) * geometry_.stride_width;
    if (left >= input_.size.width || right >= input_.size.width) {
        return copied(first, end, tap, copies);
    }
    return {input_.pixel(image, input_row, left),
            static_cast<std::ptrdiff_t>(geometry_.stride_width * input_.pixel_stride)};
}

const float* MatrixConvolution::input_pixel(std::size_t pixel, std::size_t tap) const {
    const std::size_t row = pixel / output_.width % output_.height * geometry_.stride_height +
                            tap / geometry_.kernel_width * geometry_.dilation_height -
                            geometry_.pad_top;
    const std::size_t column = pixel % output_.width * geometry_.stride_width +
                               tap % geometry_.kernel_width * geometry_.dilation_width -
                               geometry_.pad_left;
    return row < input_.size.height && column < input_.size.width
               ? input_.pixel(pixel / output_.width / output_.height, row, column)
               : nullptr;
}

PixelRun MatrixConvolution::copied(std::size_t first, std::size_t end, std::size_t tap,
                                   float*& copies) const {
    const std::size_t pairs = task_.weights.pairs();
    float* const begin = copies;
    for (std::size_t i = 0; i < matrix_side; ++i, copies += pairs) {
        const float* const pixel = input_pixel(std::min(first + i, end - 1), tap);
        std::copy_n(pixel != nullptr ? pixel : zeros_.data(), pairs, copies);
    }
    return {begin, static_cast<std::ptrdiff_t>(pairs)};
}

PixelRun MatrixConvolution::gathered(std::size_t first, std::size_t end, float*& copies) const {
    const auto& weights = task_.weights;
    const std::size_t pairs = weights.pairs();
    const std::size_t length = weights.blocks() * matrix_side;
    const std::size_t taps = geometry_.taps();
    const bool is_rounded = input_.size.element == Element::bfloat16;
    float* const begin = copies;
    for (std::size_t i = 0; i < matrix_side; ++i, copies += length) {
        for (std::size_t tap = 0; tap < taps; ++tap) {
            float* const to = copies + tap * pairs;
            const float* const pixel = input_pixel(std::min(first + i, end - 1), tap);
            if (pixel == nullptr) {
                std::fill_n(to, pairs, 0.0F);
            } else if (is_rounded) {
                std::copy_n(pixel, pairs, to);
            } else {
                execution_.kernels.bfloat16->round(pixel, weights.inputs(), to);
            }
        }
        std::fill(copies + taps * pairs, copies + length, 0.0F);
    }
    return {begin, static_cast<std::ptrdiff_t>(length)};
}

}  // namespace speciesnet::executor
