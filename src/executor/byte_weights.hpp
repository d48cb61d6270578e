// SPDX-License-Identifier: Apache-2.0
// Quantises weights to bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace speciesnet::executor {

/// Factors of the input channels: `scale` multiplies a weight before it is quantised, `zero`
/// multiplies its byte in the sum of its output channel. Each has one value for all input channels
/// or one for each.
struct InputFactors {
    std::span<const float> scale;
    std::span<const float> zero;
};

/// Quantised weights: weight × scale of its input ≈ byte × scale of its output channel.
struct ByteWeights {
    std::vector<float> fours;  ///< [output channels][groups of input channels][taps]
    std::vector<float> scales;
    std::vector<std::int64_t> sums;  ///< The sum of byte × zero for each output channel.
};

/// @param weights [output channels][input channels][taps]
/// @param factors factors of the input channels
ByteWeights byte_weights(std::span<const float> weights, std::size_t outputs, std::size_t taps,
                         const InputFactors& factors);

}  // namespace speciesnet::executor
