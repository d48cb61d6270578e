// SPDX-License-Identifier: Apache-2.0
// Divides output channels into panels of nearly equal width, so that no tile is much narrower than
// the registers allow.
#include "executor/convolution.hpp"

#include <algorithm>
#include <utility>

namespace speciesnet::executor {

namespace {

/// Limits the rows written at once to what a first-level cache holds. Packing reads along the
/// source's rows, whose strides are often a power of two, so that they would evict each other.
constexpr std::size_t numbers_per_block = 64;

}  // namespace

PackedWeights::PackedWeights(std::size_t width, const TileShape& tiles,
                             std::span<const float> weights, std::size_t outputs,
                             std::size_t inputs, std::size_t taps)
    : inputs_(inputs), outputs_(outputs), taps_(taps) {
    Memory packed(lay_out(width, tiles));
    for (const auto& panel : panels_) {
        pack(weights.subspan(panel.first_channel * inputs * taps, panel.channels * inputs * taps),
             static_cast<std::size_t>(panel.vectors) * width, packed.data() + panel.offset);
    }
    data_ = Numbers(std::move(packed));
}

PackedWeights::PackedWeights(std::size_t width, const TileShape& tiles, RecordReader& record,
                             std::size_t outputs, std::size_t inputs, std::size_t taps)
    : inputs_(inputs), outputs_(outputs), taps_(taps) {
    // Precedes the layout, so that records with too few weights are refused before panels are
    // created.
    data_ = record.numbers({(outputs + width - 1) / width * width, inputs, taps});
    lay_out(width, tiles);
}

std::size_t PackedWeights::lay_out(std::size_t width, const TileShape& tiles) {
    const std::size_t vectors = (outputs_ + width - 1) / width;
    const auto most = static_cast<std::size_t>(tiles.most_vectors);
    const std::size_t panels = (vectors + most - 1) / most;
    const std::size_t widest = (vectors + panels - 1) / panels;
    tile_rows_ = tiles.rows[widest];
    most_columns_ = widest * width;

    std::size_t first = 0;
    std::size_t offset = 0;
    for (std::size_t panel = 0; panel < panels; ++panel) {
        const std::size_t wide = vectors / panels + (panel < vectors % panels ? 1 : 0);
        const std::size_t columns = wide * width;
        const std::size_t channels = std::min(columns, outputs_ - first);
        panels_.push_back({.vectors = static_cast<int>(wide),
                           .first_channel = first,
                           .channels = channels,
                           .offset = offset});
        first += channels;
        offset += columns * inputs_ * taps_;
    }
    return offset;
}

void PackedWeights::pack(std::span<const float> weights, std::size_t columns, float* packed) const {
    const std::size_t channels = weights.size() / inputs_ / taps_;
    const std::size_t block = std::max<std::size_t>(1, numbers_per_block / taps_);
    for (std::size_t first = 0; first < inputs_; first += block) {
        const std::size_t end = std::min(inputs_, first + block);
        for (std::size_t column = 0; column < channels; ++column) {
            const float* from = weights.data() + (column * inputs_ + first) * taps_;
            for (std::size_t input = first; input < end; ++input) {
                for (std::size_t tap = 0; tap < taps_; ++tap) {
                    packed[(tap * inputs_ + input) * columns + column] = *from++;
                }
            }
        }
    }
    if (channels < columns) {
        for (std::size_t row = 0; row < inputs_ * taps_; ++row) {
            std::fill(packed + row * columns + channels, packed + (row + 1) * columns, 0.0F);
        }
    }
}

}  // namespace speciesnet::executor
