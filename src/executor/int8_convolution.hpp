// SPDX-License-Identifier: Apache-2.0
// Convolutions of bytes. Weights have a scale for each output channel; a picture has one scale and
// one zero, taken from its own least and largest number.
#pragma once

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
    /// Weights as bytes: weight ≈ byte × scale.
    struct Quantized {
        std::vector<float> fours;  ///< [output channels][groups of input channels][taps]
        std::vector<float> scales;
        std::vector<std::int32_t> sums;  ///< Of each output channel's bytes.
    };

    Int8Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry, std::size_t inputs,
                    Quantized&& quantized, std::span<const float> bias, Activation activation);
    static Quantized quantized(std::span<const float> weights, std::size_t outputs,
                               std::size_t taps);

    PackedWeights weights_;
    std::vector<float> scales_;
    std::vector<std::int32_t> sums_;
};

}  // namespace speciesnet::executor
