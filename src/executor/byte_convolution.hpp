// SPDX-License-Identifier: Apache-2.0
// The common part of convolutions of bytes: weights in the layout of the kernels, and their use.
#pragma once

#include "executor/byte_scales.hpp"
#include "executor/convolution.hpp"
#include "executor/matrix_weights.hpp"

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

namespace speciesnet::executor {

/// One run.
struct ByteTask {
    const ConvolutionGeometry& geometry;
    const ByteScaleTable& input_scales;
    const float* scale;  ///< The result is sum × scale + shift; padded to whole vectors.
    const float* shift;
    Activation activation;
    /// Of bytes, or of float32, which are quantised first.
    const ConstPicture& input;
    const ConstPicture* residual;  ///< May be null.
    const Picture& output;
};

class ByteConvolution {
public:
    /// @param kernels kernels with int8
    /// @param fours   [output channels][groups of input channels][kernel height][kernel width]
    ByteConvolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                    std::span<const float> fours, std::size_t outputs, std::size_t inputs);
    /// Reads weights that are already in the order of the kernels.
    /// @param record provides the weights with numbers()
    /// @throws InvalidArgument if their number does not match
    ByteConvolution(const Kernels& kernels, RecordReader& record,
                    const ConvolutionGeometry& geometry, std::size_t outputs, std::size_t inputs);

    const Numbers& numbers() const noexcept;
    void run(const Execution& execution, const ByteTask& task) const;

private:
    /// @param input the quantised input
    static void multiply(const Execution& execution, const ByteTask& task,
                         const ConstPicture& input, const PackedWeights& weights);
    static void multiply(const Execution& execution, const ByteTask& task,
                         const ConstPicture& input, const MatrixWeights& weights);

    std::variant<PackedWeights, MatrixWeights> weights_;
};

}  // namespace speciesnet::executor
