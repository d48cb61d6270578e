// SPDX-License-Identifier: Apache-2.0
// Scales each output channel so that its largest weight uses the whole range of a byte.
#include "executor/byte_weights.hpp"

#include "executor/element.hpp"
#include "executor/kernels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace speciesnet::executor {
namespace {

constexpr float largest_signed = 127;

}  // namespace

ByteWeights byte_weights(std::span<const float> weights, std::size_t outputs, std::size_t taps,
                         const InputFactors& factors) {
    const std::size_t inputs = factors.scale.size();
    const std::size_t groups = floats_of(Element::byte, inputs);
    ByteWeights result{.fours = std::vector<float>(outputs * groups * taps),
                       .scales = std::vector<float>(outputs),
                       .sums = std::vector<std::int64_t>(outputs)};
    std::vector<float> own(inputs * taps);
    for (std::size_t output = 0; output < outputs; ++output) {
        float largest = 0;
        for (std::size_t i = 0; i < own.size(); ++i) {
            own[i] = weights[output * own.size() + i] * factors.scale[i / taps];
            largest = std::max(largest, std::abs(own[i]));
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
                        result.sums[output] +=
                            byte * std::int64_t{std::lround(factors.zero[input])};
                        four |= std::uint32_t{static_cast<std::uint8_t>(byte)} << (8U * i);
                    }
                }
                result.fours[(output * groups + group) * taps + tap] = std::bit_cast<float>(four);
            }
        }
    }
    return result;
}

}  // namespace speciesnet::executor
