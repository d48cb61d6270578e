// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes whose pictures are float32. Weights have a scale for each output channel; a
// picture has one scale and one zero, taken from its own least and largest number.
#pragma once

#include "executor/byte_weights.hpp"
#include "executor/convolution.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace speciesnet::executor {

class Int8Convolution final : public ConvolutionOperation {
public:
    /// @param kernels have int8
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

    PackedWeights weights_;
    std::vector<float> scales_;
    std::vector<std::int32_t> sums_;  ///< Of each output channel's bytes.
};

}  // namespace speciesnet::executor
