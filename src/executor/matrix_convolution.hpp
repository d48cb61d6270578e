// SPDX-License-Identifier: Apache-2.0
// Computes convolutions of bfloat16 feature maps as matrix products, which read the left matrix
// from the feature map.
#pragma once

#include "executor/convolution_geometry.hpp"
#include "executor/kernels.hpp"
#include "executor/memory.hpp"
#include "executor/operation.hpp"
#include "executor/picture.hpp"
#include "executor/record_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace speciesnet::executor {

/// Weights in the layout of MatrixProduct, in panels of one or two vectors of output channels.
class PairWeights {
public:
    /// @param weights [output channels][input channels][kernel height][kernel width]
    PairWeights(const Bfloat16Kernels& kernels, const ConvolutionGeometry& geometry,
                std::span<const float> weights, std::size_t outputs, std::size_t inputs);
    /// Reads weights that are already in that order.
    /// @param record provides the weights with numbers()
    /// @throws InvalidArgument if their number does not match
    PairWeights(RecordReader& record, const ConvolutionGeometry& geometry, std::size_t outputs,
                std::size_t inputs);

    std::size_t panels() const noexcept { return (outputs_ + matrix_panel - 1) / matrix_panel; }
    /// Returns the weights of a range of panels, up to the last panel.
    std::span<const float> panels(std::size_t first, std::size_t end) const noexcept;
    std::size_t panel_size() const noexcept { return 2 * product_taps() * blocks() * matrix_block; }
    std::size_t inputs() const noexcept { return inputs_; }
    std::size_t outputs() const noexcept { return outputs_; }
    std::size_t taps() const noexcept { return taps_; }
    std::size_t pairs() const noexcept { return pairs_; }  ///< Pairs of channels in a pixel.
    /// The number of taps merged into one pixel of the product, and the resulting taps and pairs.
    std::size_t taps_together() const noexcept { return taps_together_; }
    std::size_t product_taps() const noexcept { return taps_ / taps_together_; }
    std::size_t product_pairs() const noexcept {
        return std::max(taps_together_ * pairs_, matrix_side);
    }
    std::size_t blocks() const noexcept {
        return (product_pairs() + matrix_side - 1) / matrix_side;
    }
    std::size_t last_block() const noexcept { return product_pairs() - matrix_side; }
    const Numbers& numbers() const noexcept { return data_; }

private:
    PairWeights(const ConvolutionGeometry& geometry, std::size_t outputs, std::size_t inputs);
    static std::size_t neighbours_of(const ConvolutionGeometry& geometry, std::size_t pairs);
    /// @return the number of floats
    std::size_t size() const noexcept;
    /// @param pairs pairs of some output channels
    /// @param tap   the first of the merged taps
    void pack(const float* pairs, std::size_t channels, std::size_t tap, std::size_t block,
              float* to) const;

    std::size_t outputs_;
    std::size_t inputs_;
    std::size_t taps_;
    std::size_t pairs_;
    std::size_t taps_together_;
    Numbers data_;
};

/// One run.
struct MatrixTask {
    const ConvolutionGeometry& geometry;
    const PairWeights& weights;
    const float* bias;  ///< Padded to whole vectors.
    Activation activation;
    const ConstPicture& input;     ///< Of any element type; float32 is rounded.
    const ConstPicture* residual;  ///< May be null.
    const Picture& output;
};

class MatrixConvolution {
public:
    MatrixConvolution(const Execution& execution, const MatrixTask& task);

    void run() const;

private:
    /// The work of one thread at a time: some pixels by some panels. Indices of pixels include the
    /// zero pixels between framed rows.
    struct Share {
        std::size_t first;
        std::size_t end;
        const PixelRun* runs;  ///< [runs][taps]
        std::size_t first_panel;
        std::size_t end_panel;
    };

    /// The division of the work: blocks of pixels by groups of panels.
    struct Shares {
        std::size_t blocks;
        std::size_t block;  ///< Pixels in a block.
        std::size_t groups;
        bool
            are_of_weights;  ///< A thread keeps a group for all blocks, not a block for all groups.
    };
    Shares shares() const;

    /// @param sums working memory: matrix_product_sums floats
    void compute(const Share& share, float* sums) const;
    /// Returns the floats of a table of all pixels of some runs: [runs][taps] PixelRuns, then as
    /// many areas for copies.
    std::size_t table_floats(std::size_t runs) const;
    std::size_t copy_floats() const;  ///< Floats of one such area.
    /// Fills one run's part of a table.
    /// @param end end of the needed pixels
    void find_pixels(std::size_t first, std::size_t end, std::size_t run, std::size_t runs,
                     float* table) const;
    /// Returns the pixels of a tap, and of those merged with it, for sixteen output pixels. Copies
    /// them if the product cannot read them in place.
    PixelRun run_of(std::size_t first, std::size_t end, std::size_t tap, float* copies) const;
    PixelRun copied(std::size_t first, std::size_t end, std::size_t tap, float* copies) const;
    void copy_pixel(const float* pixel, float* to) const;
    /// Returns the input pixel of a tap of an output pixel; null in the padding.
    const float* input_pixel(std::size_t pixel, std::size_t tap) const;

    const Execution& execution_;
    const MatrixTask& task_;
    ConvolutionGeometry geometry_;
    ConstPicture input_;
    PictureSize output_;
    bool is_in_place_;        ///< Otherwise all pixels are copied.
    bool is_one_row_;         ///< All rows form one row, with the zero pixels between them.
    std::size_t row_length_;  ///< Of the output, with such a pixel.
    std::size_t pixels_;
    std::vector<float> zeros_;
};

}  // namespace speciesnet::executor
