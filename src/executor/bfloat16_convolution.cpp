// SPDX-License-Identifier: Apache-2.0
// Computes products and sums as matrix products.
#include "executor/bfloat16_convolution.hpp"

namespace speciesnet::executor {

Bfloat16Convolution::Bfloat16Convolution(const Kernels& kernels,
                                         const ConvolutionGeometry& geometry,
                                         std::span<const float> weights,
                                         std::span<const float> bias, Activation activation,
                                         Element output)
    : ConvolutionOperation(kernels, geometry, input_channels(weights, bias.size(), geometry.taps()),
                           bias, activation, " bfloat16"),
      weights_(*kernels.bfloat16, geometry, weights, bias.size(), inputs()),
      output_(output) {}

Bfloat16Convolution::Bfloat16Convolution(const Kernels& kernels, RecordReader& record)
    : ConvolutionOperation(kernels, record, " bfloat16"),
      weights_(record, geometry(), outputs(), inputs()),
      output_(record.element({Element::float32, Element::bfloat16})) {}

OperationRecord Bfloat16Convolution::record() const {
    auto record = record_of(kind, weights_.numbers());
    record.sizes.push_back(static_cast<std::uint64_t>(output_));
    return record;
}

PictureSize Bfloat16Convolution::output_size(std::span<const PictureSize> inputs) const {
    return checked_output_size(geometry(), inputs, this->inputs(), outputs(), output_);
}

void Bfloat16Convolution::run(const Execution& execution, std::span<const ConstPicture> inputs,
                              const Picture& output) const {
    const MatrixTask task{.geometry = geometry(),
                          .weights = weights_,
                          .bias = bias().data(),
                          .activation = activation(),
                          .input = inputs[0],
                          .residual = inputs.size() > 1 ? &inputs[1] : nullptr,
                          .output = output};
    MatrixConvolution(execution, task).run();
}

}  // namespace speciesnet::executor
