// Panels of nearly equal width, so that no tile is much narrower than the registers allow.
#include "executor/convolution.hpp"

#include <algorithm>
#include <array>

namespace speciesnet::executor {

PackedWeights::PackedWeights(const Kernels& kernels, std::span<const float> weights,
                             std::size_t outputs, std::size_t inputs, std::size_t taps)
    : inputs_(inputs), outputs_(outputs), taps_(taps) {
    const std::size_t vectors = (outputs + kernels.width - 1) / kernels.width;
    const auto most = static_cast<std::size_t>(kernels.most_vectors);
    const std::size_t panels = (vectors + most - 1) / most;
    const std::size_t widest = (vectors + panels - 1) / panels;
    tile_rows_ = kernels.tile_rows[widest];
    data_ = Memory(vectors * kernels.width * inputs * taps);

    std::size_t first = 0;
    std::size_t offset = 0;
    for (std::size_t panel = 0; panel < panels; ++panel) {
        const std::size_t wide = vectors / panels + (panel < vectors % panels ? 1 : 0);
        const std::size_t columns = wide * kernels.width;
        const std::size_t channels = std::min(columns, outputs - first);
        panels_.push_back({.vectors = static_cast<int>(wide),
                           .first_channel = first,
                           .channels = channels,
                           .offset = offset});
        float* const packed = data_.data() + offset;
        // Reads go along the source's rows, so that each cache line is used up while it is there.
        for (std::size_t input = 0; input < inputs; ++input) {
            for (std::size_t tap = 0; tap < taps; ++tap) {
                float* const to = packed + (tap * inputs + input) * columns;
                const float* const from = weights.data() + (first * inputs + input) * taps + tap;
                for (std::size_t column = 0; column < channels; ++column) {
                    to[column] = from[column * inputs * taps];
                }
                std::fill(to + channels, to + columns, 0.0F);
            }
        }
        first += channels;
        offset += columns * inputs * taps;
    }
}

}  // namespace speciesnet::executor
