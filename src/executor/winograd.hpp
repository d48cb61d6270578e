// SPDX-License-Identifier: Apache-2.0
// 3×3 convolutions of stride 1 with a quarter of the multiplications: Winograd's F(4×4, 3×3).
#pragma once

#include "executor/convolution.hpp"
#include "executor/operation.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace speciesnet::executor {

/// One run. Tiles of 4×4 output pixels are transformed to 36 points, at each of which input
/// channels meet output channels in a matrix product.
class WinogradConvolution {
public:
    WinogradConvolution(const Execution& execution, const ConvolutionTask& task);

    void run() const;

private:
    /// Where a tile begins in the output.
    struct Place {
        std::size_t image, row, column;
    };

    void transform_weights(const PackedWeights::Panel& panel, std::size_t input) const;
    void compute(std::size_t first, std::size_t end, std::size_t thread) const;
    void transform_input(const Place& place, float* values, std::size_t stride) const;
    void multiply(const float* values, float* sums, std::size_t tiles) const;
    void transform_output(const Place& place, const float* sums, std::size_t stride) const;
    Place place(std::size_t tile) const noexcept;

    const Execution& execution_;
    const ConvolutionTask& task_;
    std::size_t tile_columns_;
    std::size_t tiles_per_image_;
    std::size_t tile_rows_;
    std::vector<float> zeros_;
};

}  // namespace speciesnet::executor
