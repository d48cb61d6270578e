// SPDX-License-Identifier: Apache-2.0
// Convolutions of bfloat16 pictures as products of matrices, whose left one is where the picture's
// pixels are.
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

/// Weights as MatrixProduct has them, in panels of one or two vectors of output channels.
class PairWeights {
public:
    /// @param weights [output channels][input channels][kernel height][kernel width]
    PairWeights(const Bfloat16Kernels& kernels, const ConvolutionGeometry& geometry,
                std::span<const float> weights, std::size_t outputs, std::size_t inputs);
    /// Weights that are in that order already.
    /// @param record gives numbers()
    /// @throws InvalidArgument if it has not as many as there must be
    PairWeights(RecordReader& record, const ConvolutionGeometry& geometry, std::size_t outputs,
                std::size_t inputs);

    std::size_t panels() const noexcept { return (outputs_ + matrix_panel - 1) / matrix_panel; }
    /// As many of these as there are.
    std::span<const float> panels(std::size_t first, std::size_t end) const noexcept;
    std::size_t panel_size() const noexcept { return 2 * product_taps() * blocks() * matrix_block; }
    std::size_t inputs() const noexcept { return inputs_; }
    std::size_t outputs() const noexcept { return outputs_; }
    std::size_t taps() const noexcept { return taps_; }
    std::size_t pairs() const noexcept { return pairs_; }  ///< Of a pixel.
    /// Taps that are one pixel for the product, and taps and pairs that it therefore has.
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
    /// @return how many floats there are
    std::size_t size() const noexcept;
    /// @param pairs of some output channels
    /// @param tap   the first of those that are together
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
    const float* bias;  ///< Filled up to whole vectors.
    Activation activation;
    const ConstPicture& input;     ///< Of any numbers; those of float32 are rounded.
    const ConstPicture* residual;  ///< Or null.
    const Picture& output;
};

class MatrixConvolution {
public:
    MatrixConvolution(const Execution& execution, const MatrixTask& task);

    void run() const;

private:
    /// What one thread computes at a time: some pixels by some panels. Pixels are counted with
    /// those of zeros between framed rows.
    struct Share {
        std::size_t first;
        std::size_t end;
        const PixelRun* runs;  ///< [runs][taps]
        std::size_t first_panel;
        std::size_t end_panel;
    };

    /// How the work is shared out: blocks of pixels by groups of panels.
    struct Shares {
        std::size_t blocks;
        std::size_t block;  ///< Pixels of one.
        std::size_t groups;
        bool are_of_weights;  ///< A thread takes one group for all blocks, not the other way round.
    };
    Shares shares() const;

    /// @param sums working memory: matrix_product_sums floats
    void compute(const Share& share, float* sums) const;
    /// Floats of a table of all pixels of so many runs: [runs][taps] PixelRuns, then as many places
    /// for copies.
    std::size_t table_floats(std::size_t runs) const;
    std::size_t copy_floats() const;  ///< Of one such place.
    /// Fills one run's part of a table.
    /// @param end of the pixels that are wanted
    void find_pixels(std::size_t first, std::size_t end, std::size_t run, std::size_t runs,
                     float* table) const;
    /// The pixels of a tap, with those taps that follow it, for sixteen output pixels; copied if
    /// they are not where the product can take them.
    PixelRun run_of(std::size_t first, std::size_t end, std::size_t tap, float* copies) const;
    PixelRun copied(std::size_t first, std::size_t end, std::size_t tap, float* copies) const;
    void copy_pixel(const float* pixel, float* to) const;
    /// Where a tap of an output pixel is; null in the padding.
    const float* input_pixel(std::size_t pixel, std::size_t tap) const;

    const Execution& execution_;
    const MatrixTask& task_;
    ConvolutionGeometry geometry_;
    ConstPicture input_;
    PictureSize output_;
    bool is_in_place_;        ///< If not, all pixels are copied.
    bool is_one_row_;         ///< All rows together, with the pixels of zeros between them.
    std::size_t row_length_;  ///< Of the output, with such a pixel.
    std::size_t pixels_;
    std::vector<float> zeros_;
};

}  // namespace speciesnet::executor
