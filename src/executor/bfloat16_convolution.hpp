// SPDX-License-Identifier: Apache-2.0
// Convolutions with bfloat16 factors and float32 sums.
#pragma once

#include "executor/convolution.hpp"
#include "executor/matrix_convolution.hpp"

namespace speciesnet::executor {

/// Accepts feature maps of float32, which are rounded first, and of bfloat16.
class Bfloat16Convolution final : public ConvolutionOperation {
public:
    /// @param kernels kernels with bfloat16
    /// @param output  the element type of the output and of the residual
    Bfloat16Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                        std::span<const float> weights, std::span<const float> bias,
                        Activation activation, Element output = Element::float32);
    /// @throws InvalidArgument if the record is not one of record()
    Bfloat16Convolution(const Kernels& kernels, RecordReader& record);

    static constexpr const char* kind = "bfloat16 convolution";

    bool takes(std::span<const Element> inputs, Element output) const override {
        return inputs[0] != Element::byte && are_all(inputs.subspan(1), output) &&
               output == output_;
    }
    PictureSize output_size(std::span<const PictureSize> inputs) const override;
    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    MatrixWeights weights_;
    Element output_;
};

}  // namespace speciesnet::executor
