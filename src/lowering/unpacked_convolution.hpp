// SPDX-License-Identifier: Apache-2.0
// Represents convolutions during the lowering, before their weights are packed.
#pragma once

#include "executor/convolution.hpp"
#include "graph/graph.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace speciesnet::lowering {

/// Zeros that surround a feature map.
struct Padding {
    std::size_t left = 0;
    std::size_t right = 0;
    std::size_t top = 0;
    std::size_t bottom = 0;
    bool operator==(const Padding&) const = default;
};

/// A convolution or matrix product whose weights are still in the file.
struct UnpackedConvolution {
    /// One factor for each output; each product is rounded to float32.
    struct Factors {
        std::vector<double> numbers;
        bool divides = false;
    };

    TensorView weights;            ///< [outputs][inputs / groups][kernel rows][kernel columns]
    std::string_view stored;       ///< The bytes of the graph's weight, also after changes.
    std::vector<Factors> factors;  ///< Still to be applied to the weights, in this order.
    std::vector<float> bias;
    executor::ConvolutionGeometry geometry;
    bool is_depthwise = false;
    executor::Activation activation = executor::Activation::none;

    std::size_t outputs() const { return bias.size(); }
    std::size_t inputs() const {
        return is_depthwise ? outputs() : static_cast<std::size_t>(weights.shape[1]);
    }
    std::size_t weight_count() const;

    /// Checks the padding and the kernel, which may have grown. @throws Refusal if out of range
    void check_sizes() const;
    void add_padding(const Padding& padding);
    /// Folds a following BatchNorm into the weights and the bias.
    void fold(const graph::BatchNorm& norm);
    /// Folds a following sum or product with a constant into the weights and the bias.
    /// @param operands one for each output
    void fold(graph::Arithmetic::Kind kind, std::span<const float> operands);
};

/// @throws Refusal if the executor does not support the convolution
UnpackedConvolution read(const graph::Convolution& convolution);
/// Returns a convolution of one pixel. @throws Refusal
UnpackedConvolution read(const graph::Linear& linear);
/// Returns a product with a constant matrix [inputs][outputs]. @throws Refusal
UnpackedConvolution read_matrix(const TensorView& matrix);
/// Returns a product of each channel with a factor. @param factors one for each channel
UnpackedConvolution channel_factors(std::vector<float> factors);

/// A place in a square of 2 × 2 pixels.
struct Cell {
    std::size_t row = 0;
    std::size_t column = 0;
    bool operator==(const Cell&) const = default;
};
/// Replaces a convolution of the output of space-to-depth with one of its input, whose kernel is
/// twice as large in both directions.
/// @param cells the place of each group of input channels
void expand_cells(UnpackedConvolution& convolution, std::span<const Cell> cells);

/// Replaces a convolution with one of a feature map in which the pixels under a row of the kernel
/// are merged into one pixel of many channels.
/// @return the geometry for which the input must be prepared
executor::ConvolutionGeometry merge_columns(UnpackedConvolution& convolution);

}  // namespace speciesnet::lowering
