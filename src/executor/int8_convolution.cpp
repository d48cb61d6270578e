// SPDX-License-Identifier: Apache-2.0
// number ≈ (byte - zero) × scale, so that the sum of products of numbers and weights is the scales
// times (the sum of products of bytes - zero × the sum of the weights' bytes).
#include "executor/int8_convolution.hpp"

#include "executor/direct_convolution.hpp"
#include "executor/grouped_numbers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace speciesnet::executor {
namespace {

constexpr float largest_signed = 127;
constexpr float steps = 255;  ///< From the least byte of a picture to the largest.

struct Range {
    float scale;
    float zero;
};

/// From the least to the largest number of a picture; 0 belongs to it, because padding is 0.
Range range_of(const Execution& execution, const ConstPicture& input) {
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
    const float width = most - least;
    const float scale = width / steps;
    // All numbers alike, so near to 0 that the step between two bytes is none, or not finite.
    if (!std::isnormal(scale)) {
        return {.scale = 1, .zero = 0};
    }
    return {.scale = scale,
            .zero = std::round(-least / scale) + execution.kernels.int8->least_byte};
}

}  // namespace

Int8Convolution::Int8Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                                 std::span<const float> weights, std::span<const float> bias,
                                 Activation activation)
    : Int8Convolution(kernels, geometry, input_channels(weights, bias.size(), geometry.taps()),
                      quantized(weights, bias.size(), geometry.taps()), bias, activation) {}

Int8Convolution::Int8Convolution(const Kernels& kernels, const ConvolutionGeometry& geometry,
                                 std::size_t inputs, Quantized&& quantized,
                                 std::span<const float> bias, Activation activation)
    : ConvolutionOperation(kernels, geometry, inputs, bias, activation, " int8"),
      weights_(kernels.width, kernels.int8->tiles, quantized.fours, bias.size(),
               group_count(inputs, Int8Kernels::group), geometry.taps()),
      scales_(std::move(quantized.scales)),
      sums_(std::move(quantized.sums)) {}

Int8Convolution::Quantized Int8Convolution::quantized(std::span<const float> weights,
                                                      std::size_t outputs, std::size_t taps) {
    const std::size_t inputs = input_channels(weights, outputs, taps);
    const std::size_t groups = group_count(inputs, Int8Kernels::group);
    Quantized result{.fours = std::vector<float>(outputs * groups * taps),
                     .scales = std::vector<float>(outputs),
                     .sums = std::vector<std::int32_t>(outputs)};
    for (std::size_t output = 0; output < outputs; ++output) {
        const auto own = weights.subspan(output * inputs * taps, inputs * taps);
        float largest = 0;
        for (const float weight : own) {
            largest = std::max(largest, std::abs(weight));
        }
        const float scale = largest > 0 ? largest / largest_signed : 1.0F;
        result.scales[output] = scale;
        for (std::size_t group = 0; group < groups; ++group) {
            for (std::size_t tap = 0; tap < taps; ++tap) {
                std::uint32_t four = 0;
                for (std::size_t i = 0; i < Int8Kernels::group; ++i) {
                    const std::size_t input = group * Int8Kernels::group + i;
                    if (input < inputs) {
                        const auto byte =
                            static_cast<std::int8_t>(std::lround(own[input * taps + tap] / scale));
                        result.sums[output] += byte;
                        four |= std::uint32_t{static_cast<std::uint8_t>(byte)} << (8U * i);
                    }
                }
                result.fours[(output * groups + group) * taps + tap] = std::bit_cast<float>(four);
            }
        }
    }
    return result;
}

Int8Convolution::Int8Convolution(const Kernels& kernels, RecordReader& record)
    : ConvolutionOperation(kernels, record, " int8"),
      weights_(kernels.width, kernels.int8->tiles, record, outputs(),
               group_count(inputs(), Int8Kernels::group), geometry().taps()) {
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
    const auto& kernels = *execution.kernels.int8;
    const auto range = range_of(execution, inputs[0]);
    const auto input =
        grouped(execution, inputs[0], Int8Kernels::group,
                [&](const float* pixel, std::size_t channels, float* fours) {
                    kernels.quantize(pixel, channels, 1.0F / range.scale, range.zero, fours);
                });
    std::vector<float> scale(bias().size());
    std::vector<float> shift = bias();
    for (std::size_t channel = 0; channel < scales_.size(); ++channel) {
        scale[channel] = range.scale * scales_[channel];
        shift[channel] -= scale[channel] * range.zero * static_cast<float>(sums_[channel]);
    }
    auto task = this->task(weights_, input, inputs, output);
    task.bias = nullptr;
    task.scale = scale.data();
    task.shift = shift.data();
    const auto zero = static_cast<std::uint8_t>(static_cast<int>(range.zero));
    const auto padding = std::bit_cast<float>(zero * 0x01010101U);
    DirectConvolution(execution.kernels, kernels.convolve, padding, task).run(execution.pool);
}

}  // namespace speciesnet::executor
