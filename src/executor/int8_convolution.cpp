// SPDX-License-Identifier: Apache-2.0
// With value ≈ (byte - zero point) × scale, a sum of products of values and weights is the product
// of the scales and (sum of products of bytes - zero point × sum of the weights' bytes).
#include "executor/int8_convolution.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace speciesnet::executor {
namespace {

/// Returns the range of a feature map's values. It contains 0, because padding is 0.
ByteRange range_of(const Execution& execution, const ConstPicture& input) {
    const auto& size = input.size;
    std::vector<std::pair<float, float>> ranges(execution.pool.threads());
    execution.pool.run(size.images * size.height, [&](std::size_t line, std::size_t thread) {
        auto& [least, most] = ranges[thread];
        for (std::size_t column = 0; column < size.width; ++column) {
            execution.kernels.int8->widen_range(
                input.pixel(line / size.height, line % size.height, column), size.channels, least,
                most);
        }
    });
    float least = 0;
    float most = 0;
    for (const auto& range : ranges) {
        least = std::min(least, range.first);
        most = std::max(most, range.second);
    }
    // Bytes have no meaning if the step between two of them underflows, or a value is not finite.
    const ByteRange range{.least = least, .most = most};
    return is_valid(range) ? range : ByteRange{.least = 0, .most = 1};
}

/// Packs weights without factors of the input, whose scale is known only in a run.
ByteWeights plain_weights(std::span<const float> weights, std::size_t outputs, std::size_t taps) {
    const std::vector<float> ones(input_channels(weights, outputs, taps), 1.0F);
    return byte_weights(weights, outputs, taps, {.scale = ones, .zero = ones});
}

}  // namespace

Int8Convolution::Int8Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                                 std::span<const float> weights, std::span<const float> bias,
                                 Activation activation)
    : Int8Convolution(kernels, geometry, input_channels(weights, bias.size(), geometry.taps()),
                      plain_weights(weights, bias.size(), geometry.taps()), bias, activation) {}

Int8Convolution::Int8Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                                 std::size_t inputs, ByteWeights&& weights,
                                 std::span<const float> bias, Activation activation)
    : ConvolutionOperation(kernels, geometry, inputs, bias, activation, " int8"),
      weights_(kernels, geometry, weights.fours, bias.size(), inputs),
      scales_(std::move(weights.scales)) {
    for (const auto sum : weights.sums) {
        sums_.push_back(static_cast<std::int32_t>(sum));
    }
}

Int8Convolution::Int8Convolution(const Kernels& kernels, RecordReader& record)
    : ConvolutionOperation(kernels, record, " int8"),
      weights_(kernels, record, geometry(), outputs(), inputs()) {
    const auto scales = record.numbers({outputs()}).span();
    scales_.assign(scales.begin(), scales.end());
    for (const float sum : record.numbers({outputs()}).span()) {
        sums_.push_back(std::bit_cast<std::int32_t>(sum));
    }
}

OperationRecord Int8Convolution::record() const {
    auto record = record_of(kind, weights_.numbers());
    Memory sums(sums_.size());
    std::transform(sums_.begin(), sums_.end(), sums.data(),
                   [](std::int32_t sum) { return std::bit_cast<float>(sum); });
    record.numbers.emplace_back(scales_, nullptr);
    record.numbers.emplace_back(std::move(sums));
    return record;
}

void Int8Convolution::run(const Execution& execution, std::span<const ConstPicture> inputs,
                          const Picture& output) const {
    const ByteScaleTable scales(range_of(execution, inputs[0]), this->inputs(),
                                execution.kernels.int8->least_byte);
    std::vector<float> scale(bias().size());
    std::vector<float> shift = bias();
    for (std::size_t channel = 0; channel < scales_.size(); ++channel) {
        scale[channel] = scales.scale(0) * scales_[channel];
        shift[channel] -= scale[channel] * scales.zero(0) * static_cast<float>(sums_[channel]);
    }
    weights_.run(execution, {.geometry = geometry(),
                             .input_scales = scales,
                             .scale = scale.data(),
                             .shift = shift.data(),
                             .activation = activation(),
                             .input = inputs[0],
                             .residual = inputs.size() > 1 ? &inputs[1] : nullptr,
                             .output = output});
}

}  // namespace speciesnet::executor
