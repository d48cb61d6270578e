// SPDX-License-Identifier: Apache-2.0
// With value = (byte - zero point) × scale, a sum of products equals the sum over bytes and weights
// that include the input's scales, minus the sum of these weights times the zero points.
#include "executor/calibrated_convolution.hpp"

#include <utility>

namespace speciesnet::executor {

struct CalibratedConvolution::Packed {
    std::vector<float> fours;
    std::vector<float> scales;
    std::vector<float> bias;
};

CalibratedConvolution::Packed CalibratedConvolution::packed(const Kernels& kernels,
                                                            const ConvolutionGeometry& geometry,
                                                            std::span<const float> weights,
                                                            std::span<const float> bias,
                                                            std::span<const ByteRange> ranges) {
    const ByteScaleTable input(ranges, kernels.int8->least_byte);
    const auto scales = input.scales();
    auto bytes = byte_weights(
        weights, bias.size(), geometry.taps(),
        {.scale = {scales.scale, ranges.size()}, .zero = {scales.zero, ranges.size()}});
    Packed packed{.fours = std::move(bytes.fours), .scales = std::move(bytes.scales), .bias = {}};
    for (std::size_t output = 0; output < bias.size(); ++output) {
        const double zeros =
            double{packed.scales[output]} * static_cast<double>(bytes.sums[output]);
        packed.bias.push_back(static_cast<float>(bias[output] - zeros));
    }
    return packed;
}

CalibratedConvolution::CalibratedConvolution(const Kernels& kernels,
                                             const ConvolutionGeometry& geometry,
                                             std::span<const float> weights,
                                             std::span<const float> bias, Activation activation,
                                             std::span<const ByteRange> ranges, Element output)
    : CalibratedConvolution(kernels, geometry, packed(kernels, geometry, weights, bias, ranges),
                            activation, ranges, output) {}

CalibratedConvolution::CalibratedConvolution(const Kernels& kernels,
                                             const ConvolutionGeometry& geometry,
                                             const Packed& packed, Activation activation,
                                             std::span<const ByteRange> ranges, Element output)
    : ConvolutionOperation(kernels, geometry, ranges.size(), packed.bias, activation,
                           " calibrated"),
      weights_(kernels, geometry, packed.fours, packed.bias.size(), ranges.size()),
      scales_(packed.scales),
      ranges_(ranges.begin(), ranges.end()),
      input_scales_(ranges_, kernels.int8->least_byte),
      output_(output) {
    scales_.resize(bias().size());
}

CalibratedConvolution::CalibratedConvolution(const Kernels& kernels, RecordReader& record)
    : ConvolutionOperation(kernels, record, " calibrated"),
      weights_(kernels, record, geometry(), outputs(), inputs()),
      ranges_(record.ranges(inputs())),
      input_scales_(ranges_, kernels.int8->least_byte),
      output_(record.element({Element::float32, Element::byte})) {
    const auto scales = record.numbers({bias().size()}).span();
    scales_.assign(scales.begin(), scales.end());
}

OperationRecord CalibratedConvolution::record() const {
    auto record = record_of(kind, weights_.numbers());
    record.sizes.push_back(static_cast<std::uint64_t>(output_));
    record.numbers.push_back(numbers_of(ranges_));
    record.numbers.emplace_back(scales_, nullptr);
    return record;
}

PictureSize CalibratedConvolution::output_size(std::span<const PictureSize> inputs) const {
    return checked_output_size(geometry(), inputs, this->inputs(), outputs(), output_);
}

void CalibratedConvolution::run(const Execution& execution, std::span<const ConstPicture> inputs,
                                const Picture& output) const {
    weights_.run(execution, {.geometry = geometry(),
                             .input_scales = input_scales_,
                             .scale = scales_.data(),
                             .shift = bias().data(),
                             .activation = activation(),
                             .input = inputs[0],
                             .residual = inputs.size() > 1 ? &inputs[1] : nullptr,
                             .output = output});
}

}  // namespace speciesnet::executor
