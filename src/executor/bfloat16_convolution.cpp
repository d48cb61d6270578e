// Pictures are rounded as they come.
#include "executor/bfloat16_convolution.hpp"

#include "executor/direct_convolution.hpp"
#include "executor/grouped_numbers.hpp"

namespace speciesnet::executor {
namespace {

/// [output channels][groups of input channels][taps]
std::vector<float> rounded(const Bfloat16Kernels& kernels, std::span<const float> weights,
                           std::size_t outputs, std::size_t taps) {
    const std::size_t inputs = input_channels(weights, outputs, taps);
    const std::size_t groups = group_count(inputs, Bfloat16Kernels::group);
    std::vector<float> pairs(outputs * groups * taps);
    std::vector<float> numbers(inputs);
    std::vector<float> row(groups);
    for (std::size_t output = 0; output < outputs; ++output) {
        for (std::size_t tap = 0; tap < taps; ++tap) {
            for (std::size_t input = 0; input < inputs; ++input) {
                numbers[input] = weights[(output * inputs + input) * taps + tap];
            }
            kernels.round(numbers.data(), inputs, row.data());
            for (std::size_t group = 0; group < groups; ++group) {
                pairs[(output * groups + group) * taps + tap] = row[group];
            }
        }
    }
    return pairs;
}

}  // namespace

Bfloat16Convolution::Bfloat16Convolution(const Kernels& kernels,
                                         const ConvolutionGeometry& geometry,
                                         std::span<const float> weights,
                                         std::span<const float> bias, Activation activation)
    : ConvolutionOperation(kernels, geometry, input_channels(weights, bias.size(), geometry.taps()),
                           bias, activation, " bfloat16"),
      weights_(kernels.width, kernels.bfloat16->tiles,
               rounded(*kernels.bfloat16, weights, bias.size(), geometry.taps()), bias.size(),
               group_count(input_channels(weights, bias.size(), geometry.taps()),
                           Bfloat16Kernels::group),
               geometry.taps()) {}

Bfloat16Convolution::Bfloat16Convolution(const Kernels& kernels, RecordReader& record)
    : ConvolutionOperation(kernels, record, " bfloat16"),
      weights_(kernels.width, kernels.bfloat16->tiles, record, outputs(),
               group_count(inputs(), Bfloat16Kernels::group), geometry().taps()) {}

OperationRecord Bfloat16Convolution::record() const {
    return record_of(kind, weights_);
}

void Bfloat16Convolution::run(const Execution& execution, std::span<const ConstPicture> inputs,
                              const Picture& output) const {
    const auto& kernels = *execution.kernels.bfloat16;
    const auto input = grouped(execution, inputs[0], Bfloat16Kernels::group, kernels.round);
    const auto task = this->task(weights_, input, inputs, output);
    DirectConvolution(execution.kernels, kernels.convolve, 0.0F, task).run(execution.pool);
}

}  // namespace speciesnet::executor
