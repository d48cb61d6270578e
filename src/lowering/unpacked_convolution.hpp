// SPDX-License-Identifier: Apache-2.0
// Convolutions during the lowering, before their weights are packed.
#pragma once

#include "executor/convolution.hpp"
#include "graph/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace speciesnet::lowering {

/// Zeros around a feature map.
struct Padding {
    std::size_t left = 0;
    std::size_t right = 0;
    std::size_t top = 0;
    std::size_t bottom = 0;
    bool operator==(const Padding&) const = default;
};

/// A convolution, or a product with a matrix, whose weights are still where the file has them.
struct UnpackedConvolution {
    /// One factor per output; each result is rounded to float32.
    struct Factors {
        std::vector<double> numbers;
        bool divides = false;
    };

    TensorView weights;            ///< [outputs][inputs / groups][kernel rows][kernel columns]
    std::string_view stored;       ///< The bytes of the graph's weight, whatever became of it.
    std::vector<Factors> factors;  ///< What the weights have yet to be multiplied with, in order.
    std::vector<float> bias;
    executor::ConvolutionGeometry geometry;
    bool is_depthwise = false;
    executor::Activation activation = executor::Activation::none;

    std::size_t outputs() const { return bias.size(); }
    std::size_t inputs() const {
        return is_depthwise ? outputs() : static_cast<std::size_t>(weights.shape[1]);
    }
    std::size_t weight_count() const;

    /// Padding and kernels may have become larger. @throws Refusal if they are out of range
    void check_sizes() const;
    void add_padding(const Padding& padding);
    /// Takes a BatchNorm that follows into the weights and the bias.
    void fold(const graph::BatchNorm& norm);
    /// Takes a constant that the result is added to, or multiplied with, into weights and bias.
    /// @param operands one per output
    void fold(graph::Arithmetic::Kind kind, std::span<const float> operands);
};

/// @throws Refusal if the executor does not have such convolutions
UnpackedConvolution read(const graph::Convolution& convolution);
/// As a convolution of one pixel. @throws Refusal
UnpackedConvolution read(const graph::Linear& linear);
/// A product with a constant matrix [inputs][outputs]. @throws Refusal
UnpackedConvolution read_matrix(const TensorView& matrix);
/// Each channel times a factor. @param factors one per channel
UnpackedConvolution channel_factors(std::vector<float> factors);

/// Makes a convolution of the pixels that space-to-depth puts together one of the feature map
/// itself, with a kernel of twice the size.
struct Cell {
    std::size_t row = 0;
    std::size_t column = 0;
    bool operator==(const Cell&) const = default;
};
/// @param cells the place, in a square of 2 × 2 pixels, of each group of input channels
void expand_cells(UnpackedConvolution& convolution, std::span<const Cell> cells);

/// Makes a convolution one of a feature map in which the pixels under a row of the kernel are seen
/// as one pixel of many channels.
/// @return the geometry that the input has to be prepared for
executor::ConvolutionGeometry merge_columns(UnpackedConvolution& convolution);

}  // namespace speciesnet::lowering
