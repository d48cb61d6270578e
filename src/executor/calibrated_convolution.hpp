// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes whose range is known for each input channel. The scales of the input are a
// part of the weights, so that channels of any range are summed.
#pragma once

#include "executor/byte_scales.hpp"
#include "executor/byte_weights.hpp"
#include "executor/convolution.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace speciesnet::executor {

/// Takes pictures of bytes, or float32 ones, which become bytes first.
class CalibratedConvolution final : public ConvolutionOperation {
public:
    /// @param kernels have int8
    /// @param ranges  of the input's channels
    /// @param output  float32 or bytes: what it gives, and what a residual must be
    CalibratedConvolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                          std::span<const float> weights, std::span<const float> bias,
                          Activation activation, std::span<const ByteRange> ranges,
                          Element output = Element::float32);
    /// @throws InvalidArgument if the record is not one of record()
    CalibratedConvolution(const Kernels& kernels, RecordReader& record);

    static constexpr const char* kind = "calibrated convolution";

    bool takes(std::span<const Element> inputs, Element output) const override {
        return inputs[0] != Element::bfloat16 && are_all(inputs.subspan(1), output) &&
               output == output_;
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    /// Weights, and the bias with what the zeros of the input add to it.
    struct Packed;
    static Packed packed(const Kernels& kernels, const ConvolutionGeometry& geometry,
                         std::span<const float> weights, std::span<const float> bias,
                         std::span<const ByteRange> ranges);
    CalibratedConvolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                          const Packed& packed, Activation activation,
                          std::span<const ByteRange> ranges, Element output);

    PackedWeights weights_;
    std::vector<float> scales_;  ///< Filled up to whole vectors.
    std::vector<ByteRange> ranges_;
    ByteScaleTable input_scales_;
    std::vector<float> padding_;
    Element output_;
};

}  // namespace speciesnet::executor
