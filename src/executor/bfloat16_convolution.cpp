// SPDX-License-Identifier: Apache-2.0
// Computes products and sums as matrix products.
#include "executor/bfloat16_convolution.hpp"

#include <span>
#include <vector>

namespace speciesnet::executor {
namespace {

/// Returns [output channels][pairs of input channels][taps].
std::vector<float> rounded(const Bfloat16Kernels& kernels, std::span<const float> weights,
                           std::size_t outputs, std::size_t inputs, std::size_t taps) {
    const std::size_t pairs = floats_of(Element::bfloat16, inputs);
    std::vector<float> result(outputs * pairs * taps);
    std::vector<float> numbers(inputs);
    std::vector<float> row(pairs);
    for (std::size_t output = 0; output < outputs; ++output) {
        for (std::size_t tap = 0; tap < taps; ++tap) {
            for (std::size_t input = 0; input < inputs; ++input) {
                numbers[input] = weights[(output * inputs + input) * taps + tap];
            }
            kernels.round(numbers.data(), inputs, row.data());
            for (std::size_t pair = 0; pair < pairs; ++pair) {
                result[(output * pairs + pair) * taps + tap] = row[pair];
            }
        }
    }
    return result;
}

}  // namespace

Bfloat16Convolution::Bfloat16Convolution(const Kernels& kernels,
                                         const ConvolutionGeometry& geometry,
                                         std::span<const float> weights,
                                         std::span<const float> bias, Activation activation,
                                         Element output)
    : ConvolutionOperation(kernels, geometry, input_channels(weights, bias.size(), geometry.taps()),
                           bias, activation, " bfloat16"),
      weights_(Element::bfloat16,
               rounded(*kernels.bfloat16, weights, bias.size(), inputs(), geometry.taps()),
               geometry, bias.size(), inputs()),
      output_(output) {}

Bfloat16Convolution::Bfloat16Convolution(const Kernels& kernels, RecordReader& record)
    : ConvolutionOperation(kernels, record, " bfloat16"),
      weights_(Element::bfloat16, record, geometry(), outputs(), inputs()),
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
    const std::vector<float> zero(weights_.groups());
    const MatrixTask task{.geometry = geometry(),
                          .weights = weights_,
                          .multiply = execution.kernels.bfloat16->multiply,
                          .zero = zero.data(),
                          .scale = nullptr,
                          .bias = bias().data(),
                          .activation = activation(),
                          .input = inputs[0],
                          .residual = inputs.size() > 1 ? &inputs[1] : nullptr,
                          .output = output};
    MatrixConvolution(execution, task).run();
}

}  // namespace speciesnet::executor
