// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes with a known range for each input channel. The weights include the scales
// of the input, so that channels of different ranges can be summed.
#pragma once

#include "executor/byte_convolution.hpp"
#include "executor/byte_scales.hpp"
#include "executor/byte_weights.hpp"
#include "executor/convolution.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace speciesnet::executor {

/// Accepts feature maps of bytes and of float32, which are quantised first.
class CalibratedConvolution final : public ConvolutionOperation {
public:
    /// @param kernels kernels with int8
    /// @param ranges  ranges of the input's channels
    /// @param output  the element type of the output and of the residual: float32 or byte
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
    /// The weights, and the bias corrected for the zero points of the input.
    struct Packed;
    static Packed packed(const Kernels& kernels, const ConvolutionGeometry& geometry,
                         std::span<const float> weights, std::span<const float> bias,
                         std::span<const ByteRange> ranges);
    CalibratedConvolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                          const Packed& packed, Activation activation,
                          std::span<const ByteRange> ranges, Element output);

    ByteConvolution weights_;
    std::vector<float> scales_;  ///< Padded to whole vectors.
    std::vector<ByteRange> ranges_;
    ByteScaleTable input_scales_;
    Element output_;
};

}  // namespace speciesnet::executor
