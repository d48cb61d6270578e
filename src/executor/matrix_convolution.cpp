// SPDX-License-Identifier: Apache-2.0
// Keeps weights, or as many panels of them as fit, in the second-level cache while it processes
// pixels. Rows of a framed feature map can be treated as one row: results for the zero pixels
// between them are not written.
#include "executor/matrix_convolution.hpp"

#include <algorithm>
#include <array>

namespace speciesnet::executor {
namespace {

/// Input of a block: a part of a second-level cache.
constexpr std::size_t block_bytes = std::size_t{768} << 10U;
constexpr std::size_t most_block_pixels = 2048;
/// Weights applied to each tile: they stay in a second-level cache.
constexpr std::size_t group_floats = std::size_t{160} << 10U;
/// A multiple of the tiles of all kernels.
constexpr std::size_t tile_pixels = 2 * matrix_side;

/// Returns whether the product can read its pixels from the feature map without copying.
bool is_in_place(const MatrixTask& task) {
    const auto& weights = task.weights;
    const std::size_t together = weights.taps_together();
    return task.input.size.element == weights.element() &&
           together * weights.groups() >= matrix_side &&
           (together == 1 || (together == task.geometry.kernel_width &&
                              task.input.pixel_stride == weights.groups()));
}

/// Returns whether all taps are inside the feature map or its frame, to the left and to the right.
bool sees_one_row(const ConvolutionGeometry& geometry, const ConstPicture& input,
                  const PictureSize& output) {
    const std::size_t reach = (geometry.kernel_width - 1) * geometry.dilation_width;
    return geometry.stride_height == 1 && geometry.stride_width == 1 && geometry.pad_left <= 1 &&
           reach <= geometry.pad_left + 1 && output.width == input.size.width &&
           output.height == input.size.height;
}

std::size_t runs_of(std::size_t pixels) {
    return (pixels + matrix_side - 1) / matrix_side;
}

constexpr std::size_t run_floats = sizeof(PixelRun) / sizeof(float);

}  // namespace

MatrixConvolution::MatrixConvolution(const Execution& execution, const MatrixTask& task)
    : execution_(execution),
      task_(task),
      geometry_(task.geometry),
      input_(task.input),
      output_(task.output.size),
      is_in_place_(is_in_place(task)),
      is_one_row_(is_in_place_ && sees_one_row(task.geometry, task.input, task.output.size)),
      row_length_(output_.width + (is_one_row_ ? 1 : 0)),
      // Excludes the last zero pixel.
      pixels_(output_.images * output_.height * row_length_ - (is_one_row_ ? 1 : 0)),
      zeros_(task.weights.product_groups()) {
    const auto& weights = task.weights;
    for (std::size_t tap = 0; tap < weights.taps_together(); ++tap) {
        std::copy_n(task.zero, weights.groups(), zeros_.data() + tap * weights.groups());
    }
}

MatrixConvolution::Shares MatrixConvolution::shares() const {
    const auto& weights = task_.weights;
    const std::size_t pixel_floats =
        is_in_place_ ? weights.groups() * geometry_.stride_height * geometry_.stride_width
                     : weights.product_taps() * weights.product_groups();
    const std::size_t most =
        std::clamp(block_bytes / (pixel_floats * sizeof(float)), tile_pixels, most_block_pixels);
    const std::size_t threads = execution_.pool.threads();
    // Several blocks for each thread, so that threads end at about the same time.
    const std::size_t wanted = 4 * threads;
    const std::size_t panels = weights.panels();
    std::size_t blocks = (pixels_ + most - 1) / most;
    // One thread reads each part of the larger operand; all threads read the smaller one.
    const bool are_of_weights =
        weights.numbers().size() > pixels_ * (pixel_floats + output_.floats());
    if (are_of_weights) {
        blocks = std::max(blocks, (wanted + panels - 1) / panels);
    } else {
        blocks = blocks > threads ? std::max((blocks + threads - 1) / threads * threads, wanted)
                                  : threads;
    }
    const std::size_t block =
        ((pixels_ + blocks - 1) / blocks + tile_pixels - 1) / tile_pixels * tile_pixels;
    blocks = (pixels_ + block - 1) / block;
    return {.blocks = blocks,
            .block = block,
            .groups = std::clamp<std::size_t>((wanted + blocks - 1) / blocks, 1, panels),
            .are_of_weights = are_of_weights};
}

void MatrixConvolution::run() const {
    const auto shares = this->shares();
    const std::size_t panels = task_.weights.panels();
    // The table of pixels is the same for all panels.
    const bool is_shared = shares.groups > 1 && !(is_one_row_ && task_.weights.taps() == 1);
    if (is_shared) {
        const std::size_t runs = runs_of(pixels_);
        execution_.shared.reserve(table_floats(runs));
        execution_.pool.run(runs, [&](std::size_t run, std::size_t) {
            find_pixels(run * matrix_side, pixels_, run, runs, execution_.shared.data());
        });
    }
    execution_.pool.run(shares.blocks * shares.groups, [&](std::size_t item, std::size_t thread) {
        const std::size_t block =
            shares.are_of_weights ? item % shares.blocks : item / shares.groups;
        const std::size_t group =
            shares.are_of_weights ? item / shares.blocks : item % shares.groups;
        const std::size_t first = block * shares.block;
        const std::size_t end = std::min(pixels_, first + shares.block);
        const std::size_t runs = runs_of(end - first);
        float* const scratch = execution_.pool.scratch(
            thread, matrix_product_sums + (is_shared ? 0 : table_floats(runs)));
        const float* table = nullptr;
        if (is_shared) {
            table = execution_.shared.data() +
                    first / matrix_side * task_.weights.product_taps() * run_floats;
        } else {
            float* const own = scratch + matrix_product_sums;
            for (std::size_t run = 0; run < runs; ++run) {
                find_pixels(first + run * matrix_side, end, run, runs, own);
            }
            table = own;
        }
        compute({.first = first,
                 .end = end,
                 .runs = reinterpret_cast<const PixelRun*>(table),
                 .first_panel = group * panels / shares.groups,
                 .end_panel = (group + 1) * panels / shares.groups},
                scratch);
    });
}

void MatrixConvolution::compute(const Share& share, float* sums) const {
    const auto& weights = task_.weights;
    const auto& output = task_.output;
    const std::size_t row = share.first / row_length_;
    // Weights have at least one tap and one block.
    // NOLINTNEXTLINE(clang-analyzer-core.DivideZero)
    const auto panels_per_group = std::max<std::size_t>(1, group_floats / weights.panel_size());
    for (std::size_t panel = share.first_panel; panel < share.end_panel;
         panel += panels_per_group) {
        const std::size_t channel = panel * matrix_panel;
        const std::size_t end_channel = std::min(
            std::min(share.end_panel, panel + panels_per_group) * matrix_panel, weights.outputs());
        // The next block of pixels starts with the first panels again.
        const std::size_t next_panel = panel + panels_per_group < share.end_panel
                                           ? panel + panels_per_group
                                           : share.first_panel;
        const auto next = weights.panels(next_panel, next_panel + panels_per_group);
        const auto place = [&](const auto& picture) {
            return picture.data + row * picture.row_stride +
                   floats_of(picture.size.element, channel);
        };
        const auto* const residual = task_.residual;
        Epilogue epilogue{.activation = task_.activation,
                          .output = place(output),
                          .output_stride = output.pixel_stride};
        if (residual != nullptr) {
            epilogue.residual = place(*residual);
            epilogue.residual_stride = residual->pixel_stride;
        }
        if (output.scales) {
            epilogue.output_scales = output.scales.from(channel);
            if (residual != nullptr) {
                epilogue.residual_scales = residual->scales.from(channel);
            }
        }
        task_.multiply({.runs = share.runs,
                        .run_count = runs_of(share.end - share.first),
                        .taps = weights.product_taps(),
                        .blocks = weights.blocks(),
                        .last_block = weights.last_block(),
                        .weights = weights.panels(panel, panel + panels_per_group).data(),
                        .next_weights = next.data(),
                        .next_weights_count = next.size(),
                        .scale = task_.scale == nullptr ? nullptr : task_.scale + channel,
                        .bias = task_.bias + channel,
                        .pixels = share.end - share.first,
                        .channels = end_channel - channel,
                        .row_length = row_length_,
                        .row_pixels = output_.width,
                        .first_column = share.first % row_length_,
                        .output_row_stride = output.row_stride,
                        .residual_row_stride = residual == nullptr ? 0 : residual->row_stride,
                        .element = output.size.element,
                        .epilogue = epilogue,
                        .sums = sums});
    }
}

std::size_t MatrixConvolution::copy_floats() const {
    return matrix_side * task_.weights.product_groups();
}

std::size_t MatrixConvolution::table_floats(std::size_t runs) const {
    return runs * task_.weights.product_taps() * (run_floats + copy_floats());
}

void MatrixConvolution::find_pixels(std::size_t first, std::size_t end, std::size_t run,
                                    std::size_t runs, float* table) const {
    const std::size_t taps = task_.weights.product_taps();
    for (std::size_t tap = 0; tap < taps; ++tap) {
        const std::size_t place = run * taps + tap;
        float* const copies = table + runs * taps * run_floats + place * copy_floats();
        reinterpret_cast<PixelRun*>(table)[place] =
            run_of(first, end, tap * task_.weights.taps_together(), copies);
    }
}

PixelRun MatrixConvolution::run_of(std::size_t first, std::size_t end, std::size_t tap,
                                   float* copies) const {
    const std::size_t column = first % row_length_;
    const std::size_t last = first + matrix_side - 1;
    const bool is_one_row = is_one_row_ || column + matrix_side <= row_length_;
    if (!is_in_place_ || last >= end || !is_one_row) {
        return copied(first, end, tap, copies);
    }
    // Positions before the feature map wrap around to very large values.
    const std::size_t tap_row =
        tap / geometry_.kernel_width * geometry_.dilation_height - geometry_.pad_top;
    const std::size_t input_row =
        first / row_length_ % output_.height * geometry_.stride_height + tap_row;
    const std::size_t last_row =
        last / row_length_ % output_.height * geometry_.stride_height + tap_row;
    const std::size_t image = first / row_length_ / output_.height;
    const bool is_one_image = image == last / row_length_ / output_.height;
    if (is_one_image && input_row >= input_.size.height && last_row >= input_.size.height &&
        input_row == last_row) {
        return {zeros_.data(), 0};
    }
    if (input_row >= input_.size.height || last_row >= input_.size.height || !is_one_image) {
        return copied(first, end, tap, copies);
    }
    const std::size_t left = column * geometry_.stride_width +
                             tap % geometry_.kernel_width * geometry_.dilation_width -
                             geometry_.pad_left;
    const std::size_t right =
        left + (matrix_side - 1) * geometry_.stride_width + task_.weights.taps_together() - 1;
    // The frame has one pixel before a row and one after it.
    const std::size_t framed_width = input_.size.width + 2;
    if (!is_one_row_ && (left + 1 >= framed_width || right + 1 >= framed_width)) {
        return copied(first, end, tap, copies);
    }
    const auto pixel_stride = static_cast<std::ptrdiff_t>(input_.pixel_stride);
    return {input_.pixel(image, input_row, 0) + static_cast<std::ptrdiff_t>(left) * pixel_stride,
            static_cast<std::ptrdiff_t>(geometry_.stride_width) * pixel_stride};
}

const float* MatrixConvolution::input_pixel(std::size_t pixel, std::size_t tap) const {
    const std::size_t row = pixel / row_length_ % output_.height * geometry_.stride_height +
                            tap / geometry_.kernel_width * geometry_.dilation_height -
                            geometry_.pad_top;
    const std::size_t column = pixel % row_length_ * geometry_.stride_width +
                               tap % geometry_.kernel_width * geometry_.dilation_width -
                               geometry_.pad_left;
    return row < input_.size.height && column < input_.size.width
               ? input_.pixel(pixel / row_length_ / output_.height, row, column)
               : nullptr;
}

void MatrixConvolution::copy_pixel(const float* pixel, float* to) const {
    const auto& weights = task_.weights;
    if (pixel == nullptr) {
        std::copy_n(task_.zero, weights.groups(), to);
    } else if (input_.size.element == weights.element()) {
        std::copy_n(pixel, weights.groups(), to);
    } else {
        execution_.kernels.bfloat16->round(pixel, weights.inputs(), to);
    }
}

PixelRun MatrixConvolution::copied(std::size_t first, std::size_t end, std::size_t tap,
                                   float* copies) const {
    const auto& weights = task_.weights;
    const std::size_t length = weights.product_groups();
    const std::size_t copied_groups = weights.taps_together() * weights.groups();
    // True in the first layer, which has the largest feature map, because a network's input
    // includes its padding.
    const bool is_inside = first % row_length_ + matrix_side <= row_length_ &&
                           first + matrix_side <= end && !geometry_.is_padded();
    for (std::size_t i = 0; i < weights.taps_together(); ++i) {
        const float* pixel = input_pixel(first, tap + i);
        float* to = copies + i * weights.groups();
        for (std::size_t run_pixel = 0; run_pixel < matrix_side; ++run_pixel, to += length) {
            copy_pixel(
                is_inside ? pixel : input_pixel(std::min(first + run_pixel, end - 1), tap + i), to);
            pixel += is_inside ? geometry_.stride_width * input_.pixel_stride : 0;
        }
    }
    for (std::size_t i = 0; copied_groups < length && i < matrix_side; ++i) {
        std::fill(copies + i * length + copied_groups, copies + (i + 1) * length, 0.0F);
    }
    return {copies, static_cast<std::ptrdiff_t>(length)};
}

}  // namespace speciesnet::executor
