// SPDX-License-Identifier: Apache-2.0
// Weights are transformed in each run: it takes a few percent of the time that they save, and
// keeping them would take four times the memory.
#include "executor/winograd.hpp"

#include <algorithm>

namespace speciesnet::executor {
namespace {

constexpr std::size_t most_width = 16;
constexpr auto points = std::size_t{winograd_points};
constexpr auto tile_side = std::size_t{winograd_tile};
constexpr auto patch_side = std::size_t{winograd_patch};

/// Tiles that a thread transforms at once: few enough for the cache, enough to use each weight
/// often. All transformed weights go by each block, so it is larger where no second-level cache
/// holds them.
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
      tile_rows_(static_cast<std::size_t>(task.weights.tile_rows())),
      zeros_(task.input.size.channels) {}

void WinogradConvolution::run() const {
    auto& pool = execution_.pool;
    const auto panels = task_.weights.panels();
    const std::size_t inputs = task_.weights.inputs();
    execution_.shared.reserve(points * inputs * task_.weights.outputs());
    pool.run(panels.size() * inputs, [&](std::size_t item, std::size_t) {
        transform_weights(panels[item / inputs], item % inputs);
    });

    const std::size_t tiles = tiles_per_image_ * task_.output.size.images;
    const std::size_t threads = pool.threads();
    const std::size_t most = threads * tiles_per_block(task_.weights);
    const std::size_t rounds = (tiles + most - 1) / most;
    const std::size_t block =
        ((tiles + threads * rounds - 1) / (threads * rounds) + tile_rows_ - 1) / tile_rows_ *
        tile_rows_;
    pool.run((tiles + block - 1) / block, [&](std::size_t item, std::size_t thread) {
        compute(item * block, std::min(tiles, (item + 1) * block), thread);
    });
}

// Shared memory holds [panel][point][input channel][vectors × width].
void WinogradConvolution::transform_weights(const PackedWeights::Panel& panel,
                                            std::size_t input) const {
    const std::size_t width = execution_.kernels.width;
    const std::size_t columns = static_cast<std::size_t>(panel.vectors) * width;
    const std::size_t matrix = task_.weights.inputs() * columns;
    const float* const from = task_.weights.weights(panel) + input * columns;
    float* const to = execution_.shared.data() +
                      points * task_.weights.inputs() * panel.first_channel + input * columns;
    for (std::size_t column = 0; column < columns; column += width) {
        execution_.kernels.winograd_weights(from + column, matrix, to + column, matrix);
    }
}

void WinogradConvolution::compute(std::size_t first, std::size_t end, std::size_t thread) const {
    const std::size_t tiles = end - first;
    const std::size_t inputs = task_.weights.inputs();
    const std::size_t outputs = task_.weights.outputs();
    // The last rows of a matrix product may be short of tiles: it reads the last tile again.
    const std::size_t padded = (tiles + tile_rows_ - 1) / tile_rows_ * tile_rows_;
    float* const values = execution_.pool.scratch(thread, points * padded * (inputs + outputs));
    float* const sums = values + points * padded * inputs;
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        transform_input(place(first + tile), values + tile * inputs, padded * inputs);
    }
    multiply(values, sums, tiles);
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        transform_output(place(first + tile), sums + tile * outputs, padded * outputs);
    }
}

WinogradConvolution::Place WinogradConvolution::place(std::size_t tile) const noexcept {
    const std::size_t in_image = tile % tiles_per_image_;
    return {.image = tile / tiles_per_image_,
            .row = in_image / tile_columns_ * tile_side,
            .column = in_image % tile_columns_ * tile_side};
}

void WinogradConvolution::transform_input(const Place& place, float* values,
                                          std::size_t stride) const {
    std::array<const float*, points> pixels{};
    for (std::size_t y = 0; y < patch_side; ++y) {
        for (std::size_t x = 0; x < patch_side; ++x) {
            // Positions in front of the picture become very large numbers.
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
    transform(pixels.data(), task_.weights.inputs(), values, stride);
}

void WinogradConvolution::multiply(const float* values, float* sums, std::size_t tiles) const {
    const std::size_t inputs = task_.weights.inputs();
    const std::size_t outputs = task_.weights.outputs();
    const std::size_t padded = (tiles + tile_rows_ - 1) / tile_rows_ * tile_rows_;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled before it is read
    alignas(64) std::array<float, most_tile_rows * 5 * most_width> tile_sums;
    for (std::size_t point = 0; point < points; ++point) {
        for (const auto& panel : task_.weights.panels()) {
            const std::size_t columns =
                static_cast<std::size_t>(panel.vectors) * execution_.kernels.width;
            const float* const matrix = execution_.shared.data() +
                                        points * inputs * panel.first_channel +
                                        point * inputs * columns;
            for (std::size_t tile = 0; tile < tiles; tile += tile_rows_) {
                std::array<const float*, most_tile_rows> rows{};
                for (std::size_t row = 0; row < tile_rows_; ++row) {
                    rows[row] =
                        values + (point * padded + std::min(tile + row, tiles - 1)) * inputs;
                }
                execution_.kernels.convolve(
                    {.tile_rows = task_.weights.tile_rows(),
                     .vectors = panel.vectors,
                     .rows = rows.data(),
                     .taps = 1,
                     .channels = inputs,
                     .weights = matrix,
                     .sums = tile_sums.data(),
                     .valid_rows = std::min(tile_rows_, tiles - tile),
                     .valid_channels = panel.channels,
                     .epilogue = {
                         .output = sums + (point * padded + tile) * outputs + panel.first_channel,
                         .output_stride = outputs}});
            }
        }
    }
}

void WinogradConvolution::transform_output(const Place& place, const float* sums,
                                           std::size_t stride) const {
    const auto& kernels = execution_.kernels;
    const auto element = task_.output.size.element;
    const auto finish =
        element == Element::float32 ? kernels.finish_pixel : kernels.bfloat16->finish_sums;
    const std::size_t rows = std::min(tile_side, task_.output.size.height - place.row);
    const std::size_t columns = std::min(tile_side, task_.output.size.width - place.column);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): filled before it is read
    alignas(64) std::array<float, tile_side * tile_side * most_width> pixels;
    for (std::size_t channel = 0; channel < task_.weights.outputs(); channel += kernels.width) {
        kernels.winograd_output(sums + channel, stride, pixels.data());
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
