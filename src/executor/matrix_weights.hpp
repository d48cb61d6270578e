// SPDX-License-Identifier: Apache-2.0
// Weights of convolutions that are computed as matrix products.
#pragma once

#include "executor/convolution_geometry.hpp"
#include "executor/element.hpp"
#include "executor/kernels.hpp"
#include "executor/memory.hpp"
#include "executor/record_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace speciesnet::executor {

/// Weights in the layout of MatrixProduct, in panels of one or two vectors of output channels. A
/// group is the input channels that share a float.
class MatrixWeights {
public:
    /// @param element the element type of the weights: bfloat16 or byte
    /// @param weights [output channels][groups of input channels][kernel height][kernel width]
    MatrixWeights(Element element, std::span<const float> weights,
                  const ConvolutionGeometry& geometry, std::size_t outputs, std::size_t inputs);
    /// Reads weights that are already in the order of the product.
    /// @param record provides the weights with numbers()
    /// @throws InvalidArgument if their number does not match
    MatrixWeights(Element element, RecordReader& record, const ConvolutionGeometry& geometry,
                  std::size_t outputs, std::size_t inputs);

    std::size_t panels() const noexcept { return (outputs_ + matrix_panel - 1) / matrix_panel; }
    /// Returns the weights of a range of panels, up to the last panel.
    std::span<const float> panels(std::size_t first, std::size_t end) const noexcept;
    std::size_t panel_size() const noexcept { return 2 * product_taps() * blocks() * matrix_block; }
    std::size_t inputs() const noexcept { return inputs_; }
    std::size_t outputs() const noexcept { return outputs_; }
    std::size_t taps() const noexcept { return taps_; }
    Element element() const noexcept { return element_; }
    std::size_t groups() const noexcept { return groups_; }  ///< Of a pixel.
    /// The number of taps merged into one pixel of the product, and the resulting taps and groups.
    std::size_t taps_together() const noexcept { return taps_together_; }
    std::size_t product_taps() const noexcept { return taps_ / taps_together_; }
    std::size_t product_groups() const noexcept {
        return std::max(taps_together_ * groups_, matrix_side);
    }
    std::size_t blocks() const noexcept {
        return (product_groups() + matrix_side - 1) / matrix_side;
    }
    std::size_t last_block() const noexcept { return product_groups() - matrix_side; }
    const Numbers& numbers() const noexcept { return data_; }

private:
    MatrixWeights(Element element, const ConvolutionGeometry& geometry, std::size_t outputs,
                  std::size_t inputs);
    static std::size_t neighbours_of(const ConvolutionGeometry& geometry, std::size_t groups);
    /// @return the number of floats
    std::size_t size() const noexcept;
    /// @param weights weights of some output channels
    /// @param tap     the first of the merged taps
    void pack(const float* weights, std::size_t channels, std::size_t tap, std::size_t block,
              float* to) const;

    Element element_;
    std::size_t outputs_;
    std::size_t inputs_;
    std::size_t taps_;
    std::size_t groups_;
    std::size_t taps_together_;
    Numbers data_;
};

}  // namespace speciesnet::executor
