// SPDX-License-Identifier: Apache-2.0
// Computes convolutions as indirect matrix products: the left matrix consists of pointers into the
// input.
#pragma once

#include "executor/convolution.hpp"

#include <cstddef>
#include <vector>

namespace speciesnet::executor {

/// One run. Sums over taps and channels without copying. A block of weights stays in the cache
/// while a block of pixels is computed.
class DirectConvolution {
public:
    using Kernel = void (*)(const ConvolutionTile& tile);

    /// @param convolve a kernel, which defines the element type
    /// @param padding  a pixel that represents zeros in that type
    DirectConvolution(const Kernels& kernels, Kernel convolve, std::vector<float> padding,
                      const ConvolutionTask& task);

    void run(ThreadPool& pool) const;

private:
    /// A part of the taps and channels of a sum.
    struct SumBlock {
        std::size_t first_tap, taps;
        std::size_t first_channel, channels;
    };

    static std::vector<SumBlock> blocks_of(std::size_t taps, std::size_t channels,
                                           std::size_t columns);
    /// Computes one thread's share: some pixels by some panels.
    void compute(std::size_t first, std::size_t end, std::size_t first_panel, std::size_t end_panel,
                 ThreadPool& pool, std::size_t thread) const;
    void convolve(const PackedWeights::Panel& panel, const SumBlock& block,
                  const float* const* rows, float* sums, std::size_t first, std::size_t end,
                  bool is_first, bool is_last) const;

    const Kernels& kernels_;
    Kernel convolve_;
    const ConvolutionTask& task_;
    std::size_t tile_rows_;
    std::vector<float> padding_;
};

}  // namespace speciesnet::executor
