// SPDX-License-Identifier: Apache-2.0
// Computes 3×3 convolutions of stride 1 with a quarter of the multiplications: Winograd's F(4×4,
// 3×3).
#pragma once

#include "executor/convolution.hpp"
#include "executor/operation.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace speciesnet::executor {

/// One run. Transforms tiles of 4×4 output pixels to 36 points. Each point is a matrix product of
/// input channels by output channels.
class WinogradConvolution {
public:
    WinogradConvolution(const Execution& execution, const ConvolutionTask& task);

    void run() const;

private:
    /// The position of a tile in the output.
    struct Place {
        std::size_t image, row, column;
    };

    /// Working memory for some tiles: [point][tile][input channel] and [point][tile][output
    /// channel].
    struct Block {
        std::size_t first, tiles;
        std::size_t padded;  ///< Tiles, rounded up to whole rows of a matrix product.
        float* values;
        float* sums;
    };

    std::size_t padded(std::size_t tiles) const noexcept;
    /// Returns the floats of a block's working memory.
    std::size_t block_floats(std::size_t padded) const noexcept;
    Block block(std::size_t first, std::size_t end, float* memory) const noexcept;
    /// Each thread computes its own blocks, with all steps.
    void run_by_blocks(std::size_t tiles_per_block) const;
    /// All threads share each step of each block.
    void run_by_steps(std::size_t tiles_per_block) const;

    void transform_weights() const;
    void transform_input(const Block& block, std::size_t tile) const;
    void multiply(const Block& block, std::size_t point, const PackedWeights::Panel& panel) const;
    void transform_output(const Block& block, std::size_t tile) const;
    Place place(std::size_t tile) const noexcept;

    const Execution& execution_;
    const ConvolutionTask& task_;
    std::size_t tile_columns_;
    std::size_t tiles_per_image_;
    std::size_t tiles_;
    std::size_t tile_rows_;
    std::size_t weight_floats_;  ///< Floats of the transformed weights.
    std::vector<float> zeros_;
};

}  // namespace speciesnet::executor
