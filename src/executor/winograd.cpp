// SPDX-License-Identifier: Apache-2.0
// Transforms weights in each run. This takes a few percent of the time that the method saves;
// keeping them would need four times the memory.
#include "executor/winograd.hpp"

#include <algorithm>

namespace speciesnet::executor {
namespace {

constexpr std::size_t most_width = 16;
constexpr auto points = std::size_t{winograd_points};
constexpr auto tile_side = std::size_t{winograd_tile};
constexpr auto patch_side = std::size_t{winograd_patch};

/// The share of all threads' time below which blocks for one thread each leave too many threads
/// idle.
constexpr double least_share = 0.85;
/// Working memory that threads share: a part of a third-level cache.
constexpr std::size_t most_shared_floats = std::size_t{4} << 20U;

/// Returns the number of tiles that a thread transforms at once: few enough for the cache, enough
/// to reuse each weight often. Each block reads all transformed weights, so it is larger if they
/// exceed a second-level cache.
std::size_t tiles_per_block(const PackedWeights& weights) {
    constexpr std::size_t cache_floats = std::size_t{1} << 20U;
    return points * weights.inputs() * weights.outputs() > cache_floats ? 60 : 30;
}

}  // namespace

WinogradConvolution::WinogradConvolution(const Execution& execution, const ConvolutionTask& task)
    : execution_(execution),
      task_(task),
      tile_columns_((task.output.size.width + tile_side - 1) / tile_side),
      tiles_per_image_((task.output.size.height + tile_side - 1) / tile_side * tile_columns_),
      tiles_(tiles_per_image_ * task.output.size.images),
      tile_rows_(static_cast<std::size_t>(task.weights.tile_rows())),
      weight_floats_(points * task.weights.inputs() * task.weights.outputs()),
      zeros_(task.input.size.channels) {}

void WinogradConvolution::run() const {
    const std::size_t threads = execution_.pool.threads();
    const std::size_t most = threads * tiles_per_block(task_.weights);
    const std::size_t rounds = (tiles_ + most - 1) / most;
    const std::size_t block = padded((tiles_ + threads * rounds - 1) / (threads * rounds));
    if (static_cast<double>(padded(tiles_)) <
        least_share * static_cast<double>(threads * rounds * block)) {
        run_by_steps(std::max(padded(most_shared_floats / block_floats(1)), tile_rows_));
    } else {
        run_by_blocks(block);
    }
}

void WinogradConvolution::run_by_blocks(std::size_t tiles_per_block) const {
    auto& pool = execution_.pool;
    execution_.shared.reserve(weight_floats_);
    transform_weights();
    pool.run((tiles_ + tiles_per_block - 1) / tiles_per_block,
             [&](std::size_t item, std::size_t thread) {
                 const std::size_t first = item * tiles_per_block;
                 const auto own = block(first, std::min(tiles_, first + tiles_per_block),
                                        pool.scratch(thread, block_floats(tiles_per_block)));
                 for (std::size_t tile = 0; tile < own.tiles; ++tile) {
                     transform_input(own, tile);
                 }
                 for (std::size_t point = 0; point < points; ++point) {
                     for (const auto& panel : task_.weights.panels()) {
                         multiply(own, point, panel);
                     }
                 }
                 for (std::size_t tile = 0; tile < own.tiles; ++tile) {
                     transform_output(own, tile);
                 }
             });
}

void WinogradConvolution::run_by_steps(std::size_t tiles_per_block) const {
    auto& pool = execution_.pool;
    const auto panels = task_.weights.panels();
    execution_.shared.reserve(weight_floats_ +
                              block_floats(std::min(tiles_per_block, padded(tiles_))));
    transform_weights();
    for (std::size_t first = 0; first < tiles_; first += tiles_per_block) {
        const auto all = block(first, std::min(tiles_, first + tiles_per_block),
                               execution_.shared.data() + weight_floats_);
        pool.run(all.tiles, [&](std::size_t tile, std::size_t) { transform_input(all, tile); });
        pool.run(points * panels.size(), [&](std::size_t item, std::size_t) {
            multiply(all, item / panels.size(), panels[item % panels.size()]);
        });
        pool.run(all.tiles, [&](std::size_t tile, std::size_t) { transform_output(all, tile); });
    }
}

// The last rows of a matrix product may have too few tiles: it then rereads the last tile.
std::size_t WinogradConvolution::padded(std::size_t tiles) const noexcept {
    return (tiles + tile_rows_ - 1) / tile_rows_ * tile_rows_;
}

std::size_t WinogradConvolution::block_floats(std::size_t padded) const noexcept {
    return points * padded * (task_.weights.inputs() + task_.weights.outputs());
}

WinogradConvolution::Block WinogradConvolution::block(std::size_t first, std::size_t end,
                                                      float* memory) const noexcept {
    const std::size_t rows = padded(end - first);
    return {.first = first,
            .tiles = end - first,
            .padded = rows,
            .values = memory,
            .sums = memory + points * rows * task_.weights.inputs()};
}

// Shared memory holds [panel][point][input channel][vectors × width].
void WinogradConvolution::transform_weights() const {
    const auto panels = task_.weights.panels();
    const std::size_t inputs = task_.weights.inputs();
    const std::size_t width = execution_.kernels.width;
    execution_.pool.run(panels.size() * inputs, [&](std::size_t item, std::size_t) {
        const auto& panel = panels[item / inputs];
        const std::size_t input = item % inputs;
        const std::size_t columns = static_cast<std::size_t>(panel.vectors) * width;
        const std::size_t matrix = inputs * columns;
        const float* const from = task_.weights.weights(panel) + input * columns;
        float* const to =
            execution_.shared.data() + points * inputs * panel.first_channel + input * columns;
        for (std::size_t column = 0; column < columns; column += width) {
            execution_.kernels.winograd_weights(from + column, matrix, to + column, matrix);
        }
    });
}

WinogradConvolution::Place WinogradConvolution::place(std::size_t tile) const noexcept {
    const std::size_t in_image = tile % tiles_per_image_;
    return {.image = tile / tiles_per_image_,
            .row = in_image / tile_columns_ * tile_side,
            .column = in_image % tile_columns_ * tile_side};
}

void WinogradConvolution::transform_input(const Block& block, std::size_t tile) const {
    const auto place = this->place(block.first + tile);
    const std::size_t inputs = task_.weights.inputs();
    std::array<const float*, points> pixels{};
    for (std::size_t y = 0; y < patch_side; ++y) {
        for (std::size_t x = 0; x < patch_side; ++x) {
            // Positions before the feature map wrap around to very large values.
            const std::size_t row = place.row + y - task_.geometry.pad_top;
            const std::size_t column = place.column + x - task_.geometry.pad_left;
            pixels[y * patch_side + x] =
                row < task_.input.size.height && column < task_.input.size.width
                    ? task_.input.pixel(place.image, row, column)
                    : zeros_.data();
        }
    }
    const auto& kernels = execution_.kernels;
    const auto transform = task_.input.size.element == Element::float32
                               ? kernels.winograd_input
                               : kernels.bfloat16->winograd_input;
    transform(pixels.data(), inputs, block.values + tile * inputs, block.padded * inputs);
}

void WinogradConvolution::multiply(const Block& block, std::size_t point,
                                   const PackedWeights::Panel& panel) const {
    const std::size_t inputs = task_.weights.inputs();
    const std::size_t outputs = task_.weights.outputs();
    const std::size_t columns = static_cast<std::size_t>(panel.vectors) * execution_.kernels.width;
    const float* const matrix =
        execution_.shared.data() + points * inputs * panel.first_channel + point * inputs * columns;
    const float* const values = block.values + point * block.padded * inputs;
    float* const sums = block.sums + point * block.padded * outputs + panel.first_channel;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled before it is read
    alignas(64) std::array<float, most_tile_rows * 5 * most_width> tile_sums;
    for (std::size_t tile = 0; tile < block.tiles; tile += tile_rows_) {
        std::array<const float*, most_tile_rows> rows{};
        for (std::size_t row = 0; row < tile_rows_; ++row) {
            rows[row] = values + std::min(tile + row, block.tiles - 1) * inputs;
        }
        execution_.kernels.convolve(
            {.tile_rows = task_.weights.tile_rows(),
             .vectors = panel.vectors,
             .rows = rows.data(),
             .taps = 1,
             .channels = inputs,
             .weights = matrix,
             .sums = tile_sums.data(),
             .valid_rows = std::min(tile_rows_, block.tiles - tile),
             .valid_channels = panel.channels,
             .epilogue = {.output = sums + tile * outputs, .output_stride = outputs}});
    }
}

void WinogradConvolution::transform_output(const Block& block, std::size_t tile) const {
    const auto place = this->place(block.first + tile);
    const std::size_t outputs = task_.weights.outputs();
    const float* const sums = block.sums + tile * outputs;
    const auto& kernels = execution_.kernels;
    const auto element = task_.output.size.element;
    const auto finish =
        element == Element::float32 ? kernels.finish_pixel : kernels.bfloat16->finish_sums;
    const std::size_t rows = std::min(tile_side, task_.output.size.height - place.row);
    const std::size_t columns = std::min(tile_side, task_.output.size.width - place.column);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled before it is read
    alignas(64) std::array<float, tile_side * tile_side * most_width> pixels;
    for (std::size_t channel = 0; channel < outputs; channel += kernels.width) {
        kernels.winograd_output(sums + channel, block.padded * outputs, pixels.data());
        for (std::size_t y = 0; y < rows; ++y) {
            for (std::size_t x = 0; x < columns; ++x) {
                Epilogue epilogue{
                    .activation = task_.activation,
                    .output = task_.output.pixel(place.image, place.row + y, place.column + x) +
                              floats_of(element, channel)};
                if (task_.residual != nullptr) {
                    epilogue.residual =
                        task_.residual->pixel(place.image, place.row + y, place.column + x) +
                        floats_of(element, channel);
                }
                finish(pixels.data() + (y * tile_side + x) * kernels.width, task_.bias + channel,
                       kernels.width, epilogue);
            }
        }
    }
}

}  // namespace speciesnet::executor
