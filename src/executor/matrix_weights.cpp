// SPDX-License-Identifier: Apache-2.0
#include "executor/matrix_weights.hpp"

#include <utility>

namespace speciesnet::executor {

MatrixWeights::MatrixWeights(Element element, const ConvolutionGeometry& geometry,
                             std::size_t outputs, std::size_t inputs)
    : element_(element),
      outputs_(outputs),
      inputs_(inputs),
      taps_(geometry.taps()),
      groups_(floats_of(element, inputs)),
      taps_together_(neighbours_of(geometry, groups_)) {}

MatrixWeights::MatrixWeights(Element element, std::span<const float> weights,
                             const ConvolutionGeometry& geometry, std::size_t outputs,
                             std::size_t inputs)
    : MatrixWeights(element, geometry, outputs, inputs) {
    Memory packed(size());
    std::fill_n(packed.data(), packed.size(), 0.0F);
    float* to = packed.data();
    for (std::size_t first = 0; first < outputs; first += matrix_panel) {
        const std::size_t channels = std::min(matrix_panel, outputs - first);
        const std::size_t vectors = channels > matrix_side ? 2 : 1;
        for (std::size_t tap = 0; tap < taps_; tap += taps_together_) {
            for (std::size_t block = 0; block < blocks(); ++block, to += vectors * matrix_block) {
                pack(weights.data() + first * groups_ * taps_, channels, tap, block, to);
            }
        }
    }
    data_ = Numbers(std::move(packed));
}

MatrixWeights::MatrixWeights(Element element, RecordReader& record,
                             const ConvolutionGeometry& geometry, std::size_t outputs,
                             std::size_t inputs)
    : MatrixWeights(element, geometry, outputs, inputs) {
    data_ = record.numbers({size()});
}

/// Returns how many taps to merge, because few channels do not fill a block: those of a row, which
/// are contiguous, or all if these are too few.
std::size_t MatrixWeights::neighbours_of(const ConvolutionGeometry& geometry, std::size_t groups) {
    const bool are_neighbours = geometry.dilation_width == 1;
    if (groups % matrix_side == 0) {
        return 1;
    }
    if (are_neighbours && geometry.kernel_width * groups >= matrix_side) {
        return geometry.kernel_width;
    }
    return groups < matrix_side ? geometry.taps() : 1;
}

void MatrixWeights::pack(const float* weights, std::size_t channels, std::size_t tap,
                         std::size_t block, float* to) const {
    // A partial last block starts earlier; weights that the previous block has stay 0.
    const std::size_t begin = block * matrix_side;
    const std::size_t seen = block + 1 == blocks() ? begin - last_block() : 0;
    const std::size_t count = groups_ * taps_together_;
    for (std::size_t row = seen; row < matrix_side && begin - seen + row < count; ++row) {
        const std::size_t group = begin - seen + row;
        const std::size_t from = group % groups_ * taps_ + tap + group / groups_;
        for (std::size_t column = 0; column < channels; ++column) {
            to[column / matrix_side * matrix_block + row * matrix_side + column % matrix_side] =
                weights[column * groups_ * taps_ + from];
        }
    }
}

std::size_t MatrixWeights::size() const noexcept {
    const std::size_t vectors = (outputs_ + matrix_side - 1) / matrix_side;
    return vectors * product_taps() * blocks() * matrix_block;
}

std::span<const float> MatrixWeights::panels(std::size_t first, std::size_t end) const noexcept {
    const auto numbers = data_.span();
    const std::size_t begin = std::min(first * panel_size(), numbers.size());
    return numbers.subspan(begin, std::min(end * panel_size(), numbers.size()) - begin);
}

}  // namespace speciesnet::executor
