// Convolutions whose factors are rounded to bfloat16. Sums, and the pictures in between, stay
// float32.
#pragma once

#include "executor/convolution.hpp"

namespace speciesnet::executor {

class Bfloat16Convolution final : public ConvolutionOperation {
public:
    /// @param kernels have bfloat16
    Bfloat16Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                        std::span<const float> weights, std::span<const float> bias,
                        Activation activation);
    /// @throws InvalidArgument if the record is not one of record()
    Bfloat16Convolution(const Kernels& kernels, RecordReader& record);

    static constexpr const char* kind = "bfloat16 convolution";

    void run(const Execution& execution, std::span<const ConstPicture> inputs,
             const Picture& output) const override;
    OperationRecord record() const override;

private:
    PackedWeights weights_;
};

}  // namespace speciesnet::executor
