// SPDX-License-Identifier: Apache-2.0
// Convolutions with products of bytes of float32 feature maps. Weights have a scale for each output
// channel. A feature map has one scale and one zero point, from its least and largest value.
#pragma once

#include "executor/byte_convolution.hpp"
#include "executor/byte_weights.hpp"
#include "executor/convolution.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace speciesnet::executor {

class Int8Convolution final : public ConvolutionOperation {
public:
    /// @param kernels kernels with int8
    Int8Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                    std::span<const float> weights, std::span<const float> bias,
                    Activation activation);
    /// @throws InvalidArgument if the record is not one of record()
    Int8Convolution(const Kernels& kernels, RecordReader& record);

    static constexpr const char* kind = "int8 convolution";

    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    Int8Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry, std::size_t inputs,
                    ByteWeights&& weights, std::span<const float> bias, Activation activation);

    ByteConvolution weights_;
    std::vector<float> scales_;
    std::vector<std::int32_t> sums_;  ///< The sum of each output channel's bytes.
};

}  // namespace speciesnet::executor
