// SPDX-License-Identifier: Apache-2.0
// Weights as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace speciesnet::executor {

/// What a weight is multiplied by before it becomes a byte, and what its byte is multiplied by in
/// the sum of its output channel; the same for all input channels, or one for each.
struct InputFactors {
    std::span<const float> scale;
    std::span<const float> zero;
};

/// weight × scale of its input ≈ byte × scale of its output channel.
struct ByteWeights {
    std::vector<float> fours;  ///< [output channels][groups of input channels][taps]
    std::vector<float> scales;
    std::vector<std::int64_t> sums;  ///< Of byte × zero, for each output channel.
};

/// @param weights [output channels][input channels][taps]
/// @param factors of each input channel
ByteWeights byte_weights(std::span<const float> weights, std::size_t outputs, std::size_t taps,
                         const InputFactors& factors);

}  // namespace speciesnet::executor
