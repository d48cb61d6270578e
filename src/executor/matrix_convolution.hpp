// SPDX-License-Identifier: Apache-2.0
// Computes convolutions of narrow feature maps as matrix products, which read the left matrix from
// the feature map.
#pragma once

#include "executor/convolution_geometry.hpp"
#include "executor/kernels.hpp"
#include "executor/matrix_weights.hpp"
#include "executor/operation.hpp"
#include "executor/picture.hpp"

#include <cstddef>
#include <vector>

namespace speciesnet::executor {

/// One run.
struct MatrixTask {
    const ConvolutionGeometry& geometry;
    const MatrixWeights& weights;
    void (*multiply)(const MatrixProduct& product);
    const float* zero;   ///< A pixel of zeros: weights.groups() floats.
    const float* scale;  ///< See MatrixProduct.
    const float* bias;   ///< Padded to whole vectors.
    Activation activation;
    /// Of the weights' element type, with a frame; or float32, which is rounded to bfloat16.
    const ConstPicture& input;
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
    std::vector<float> zeros_;  ///< A pixel of the product.
};

}  // namespace speciesnet::executor
