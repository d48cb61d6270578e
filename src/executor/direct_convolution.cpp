// SPDX-License-Identifier: Apache-2.0
// Computes an indirect matrix product in blocks that fit into the caches.
#include "executor/direct_convolution.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace speciesnet::executor {
namespace {

/// The maximum number of output pixels that use a block of weights before the next one is loaded.
constexpr std::size_t pixels_per_block = 240;
/// Enough items for threads that finish early.
constexpr std::size_t items_per_thread = 8;
/// Floats of a block of weights: a part of a second-level cache.
constexpr std::size_t weights_per_block = std::size_t{64} << 10U;

}  // namespace

DirectConvolution::DirectConvolution(const Kernels& kernels, Kernel convolve,
                                     std::vector<float> padding, const ConvolutionTask& task)
    : kernels_(kernels),
      convolve_(convolve),
      task_(task),
      tile_rows_(static_cast<std::size_t>(task.weights.tile_rows())),
      padding_(std::move(padding)) {}

/// Combines small taps into one block, and splits large ones.
std::vector<DirectConvolution::SumBlock> DirectConvolution::blocks_of(std::size_t taps,
                                                                      std::size_t channels,
                                                                      std::size_t columns) {
    std::vector<SumBlock> blocks;
    const std::size_t tap = channels * columns;
    if (tap <= weights_per_block) {
        const std::size_t step = std::min(taps, weights_per_block / tap);
        for (std::size_t first = 0; first < taps; first += step) {
            blocks.push_back({first, std::min(step, taps - first), 0, channels});
        }
        return blocks;
    }
    const std::size_t parts = (tap + weights_per_block - 1) / weights_per_block;
    const std::size_t step = (channels + parts - 1) / parts;
    for (std::size_t first = 0; first < taps; ++first) {
        for (std::size_t channel = 0; channel < channels; channel += step) {
            blocks.push_back({first, 1, channel, std::min(step, channels - channel)});
        }
    }
    return blocks;
}

void DirectConvolution::run(ThreadPool& pool) const {
    const std::size_t pixels = task_.output.size.pixels();
    const std::size_t panels = task_.weights.panels().size();
    const std::size_t wanted = items_per_thread * pool.threads();
    // Uses smaller blocks if there are too few blocks and panels for all threads.
    const std::size_t blocks =
        std::max<std::size_t>({1, (pixels + pixels_per_block / 2) / pixels_per_block,
                               std::min(wanted / 2 / panels, pixels / (2 * tile_rows_))});
    const std::size_t block =
        ((pixels + blocks - 1) / blocks + tile_rows_ - 1) / tile_rows_ * tile_rows_;
    // Divides the panels among threads, too, if there are few pixels.
    const std::size_t groups = std::clamp<std::size_t>(wanted / blocks, 1, panels);
    pool.run(blocks * groups, [&](std::size_t item, std::size_t thread) {
        const std::size_t first = item / groups * block;
        const std::size_t group = item % groups;
        if (first < pixels) {
            compute(first, std::min(pixels, first + block), group * panels / groups,
                    (group + 1) * panels / groups, pool, thread);
        }
    });
}

void DirectConvolution::compute(std::size_t first, std::size_t end, std::size_t first_panel,
                                std::size_t end_panel, ThreadPool& pool, std::size_t thread) const {
    const std::size_t tiles = (end - first + tile_rows_ - 1) / tile_rows_;
    const std::size_t taps = task_.geometry.taps();
    const std::size_t row_count = tiles * taps * tile_rows_;
    constexpr std::size_t floats_per_pointer = sizeof(const float*) / sizeof(float);
    const std::size_t sum_count = tile_rows_ * task_.weights.most_columns();
    float* const sums = pool.scratch(thread, tiles * sum_count + row_count * floats_per_pointer);
    const auto** const rows = reinterpret_cast<const float**>(sums + tiles * sum_count);
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        std::array<std::size_t, most_tile_rows> pixels{};
        for (std::size_t row = 0; row < tile_rows_; ++row) {
            pixels[row] = std::min(first + tile * tile_rows_ + row, end - 1);
        }
        gather_rows(task_.geometry, task_.input, task_.output.size,
                    std::span(pixels).first(tile_rows_), padding_.data(),
                    rows + tile * taps * tile_rows_);
    }
    for (std::size_t index = first_panel; index < end_panel; ++index) {
        const auto& panel = task_.weights.panels()[index];
        const std::size_t columns = static_cast<std::size_t>(panel.vectors) * kernels_.width;
        const auto blocks = blocks_of(taps, task_.weights.inputs(), columns);
        for (const auto& block : blocks) {
            for (std::size_t tile = 0; tile < tiles; ++tile) {
                convolve(panel, block, rows + tile * taps * tile_rows_, sums + tile * sum_count,
                         first + tile * tile_rows_, end, &block == &blocks.front(),
                         &block == &blocks.back());
            }
        }
    }
}

void DirectConvolution::convolve(const PackedWeights::Panel& panel, const SumBlock& block,
                                 const float* const* rows,
                                 float* sums,  // NOLINT(readability-non-const-parameter)
                                 std::size_t first, std::size_t end, bool is_first,
                                 bool is_last) const {
    const std::size_t columns = static_cast<std::size_t>(panel.vectors) * kernels_.width;
    std::array<const float*, most_tile_rows> shifted{};
    const float* const* from = rows + block.first_tap * tile_rows_;
    if (block.first_channel != 0) {
        for (std::size_t row = 0; row < tile_rows_; ++row) {
            shifted[row] = from[row] + block.first_channel;
        }
        from = shifted.data();
    }
    const std::size_t place = floats_of(task_.output.size.element, panel.first_channel);
    const std::size_t tap_stride = task_.weights.inputs() * columns;
    ConvolutionTile tile{
        .tile_rows = task_.weights.tile_rows(),
        .vectors = panel.vectors,
        .rows = from,
        .taps = block.taps,
        .channels = block.channels,
        .weights = task_.weights.weights(panel) + block.first_tap * tap_stride +
                   block.first_channel * columns,
        .tap_stride = tap_stride,
        .bias = task_.bias == nullptr ? nullptr : task_.bias + panel.first_channel,
        .scale = task_.scale == nullptr ? nullptr : task_.scale + panel.first_channel,
        .shift = task_.shift == nullptr ? nullptr : task_.shift + panel.first_channel,
        .sums = sums,
        .first = is_first,
        .last = is_last,
        .valid_rows = std::min(tile_rows_, end - first),
        .valid_channels = panel.channels,
        .epilogue = {.activation = task_.activation,
                     .output = task_.output.data + first * task_.output.pixel_stride + place,
                     .output_stride = task_.output.pixel_stride}};
    if (task_.residual != nullptr) {
        tile.epilogue.residual =
            task_.residual->data + first * task_.residual->pixel_stride + place;
        tile.epilogue.residual_stride = task_.residual->pixel_stride;
    }
    if (task_.output.scales) {
        tile.epilogue.output_scales = task_.output.scales.from(panel.first_channel);
        if (task_.residual != nullptr) {
            tile.epilogue.residual_scales = task_.residual->scales.from(panel.first_channel);
        }
    }
    convolve_(tile);
}

}  // namespace speciesnet::executor
